"""Every package we install is under a licence that leaves people free; the few others are known by name."""

import re
from importlib.metadata import Distribution, distribution

from tests.house.project import locked

# CNRI-Python is the licence of Python's own regular expressions, out of which the package regex grew.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0", "MPL-1.1",
    "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
LESSER = {"LGPL-3.0-or-later"}
LESSER_TOOLS = LESSER | {"LGPL-3.0-only"}

# What packages without an SPDX expression write instead, in the field License or as the end of a classifier.
SAME_AS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

# premailer is built on cssutils, and cssutils on encutils; both are used unmodified.
KNOWN_LESSER = {"cssutils", "encutils"}
# Says nothing in its metadata; its LICENSE file is the MIT text.
SILENT_TOOLS = {"axe-playwright-python"}
# The driver for PostgreSQL, of the extra `fleet`; used unmodified.
KNOWN_LESSER_TOOLS = {"psycopg", "psycopg-binary"}


def installed(lock: str) -> dict[str, Distribution]:
    """Return the packages of a lock that belong on this machine, by name."""
    return {one.name: distribution(one.name) for one in locked(lock) if one.marker is None or one.marker.evaluate()}


def licence(package: Distribution) -> str:
    """Return the licence as an SPDX expression, or what the package says where that is none."""
    fields = package.metadata.json
    if "license_expression" in fields:
        return str(fields["license_expression"])
    classified = [
        c.rpartition(" :: ")[2] for c in fields.get("classifier", []) if c.count(" :: ") > 1 and "License" in c
    ]
    said = classified[0] if classified else str(fields.get("license", "nothing"))
    return SAME_AS.get(said, said)


def free(expression: str, allowed: set[str]) -> bool:
    """Say whether an expression of AND and OR can be met with `allowed` alone."""
    return any(all(one in allowed for one in choice.split(" AND ")) for choice in re.split(" OR ", expression))


def not_free(lock: str) -> dict[str, str]:
    """Return what in a lock is not under a permissive licence, with the licence."""
    return {name: licence(one) for name, one in installed(lock).items() if not free(licence(one), PERMISSIVE)}


def test_licences_of_what_people_run() -> None:
    others = not_free("run")
    assert set(others) == KNOWN_LESSER
    assert set(others.values()) <= LESSER


def test_licences_of_what_builds_the_package() -> None:
    assert not_free("build") == {}


def test_licences_of_the_tools() -> None:
    others = {name: said for name, said in not_free("dev").items() if name not in KNOWN_LESSER}
    lesser = {name: said for name, said in others.items() if name in KNOWN_LESSER_TOOLS}
    assert set(others) == SILENT_TOOLS | KNOWN_LESSER_TOOLS
    assert set(lesser.values()) <= LESSER_TOOLS
    for name in SILENT_TOOLS:
        texts = [file.read_text() for file in distribution(name).files or () if file.name.startswith("LICENSE")]
        assert any("Permission is hereby granted, free of charge" in text for text in texts)


def test_an_unfree_licence_would_be_seen() -> None:
    assert not free("GPL-3.0-only", PERMISSIVE)
    assert not free("MIT AND GPL-3.0-only", PERMISSIVE)
    assert free("MIT OR GPL-3.0-only", PERMISSIVE)
