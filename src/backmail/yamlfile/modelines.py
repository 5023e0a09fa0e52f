"""The first line of a YAML file, by which editors find the schema of it."""

from __future__ import annotations

__all__ = ["SCHEMAS", "modeline"]

SCHEMAS = ".backmail/schema"  # the folder of the schemas in a project


def modeline(kind: str, folder: str) -> str:
    """Return the comment, with its line end, that names a file's schema (as yaml-language-server reads it).

    Args:
        kind: which schema: campaign, config, ...
        folder: where the schemas are as seen from the file: "../../.backmail/schema".
    """
    return f"# yaml-language-server: $schema={folder}/{kind}.json\n"
