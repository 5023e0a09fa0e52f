"""Strict YAML: every value knows its line and column, and all faults of a file are told at once, in plain words."""

from backmail.yamlfile.binding import bind
from backmail.yamlfile.document import Data, Document
from backmail.yamlfile.editing import line_end, settings_of, with_value
from backmail.yamlfile.files import front_matter, load, read_text, unified
from backmail.yamlfile.modelines import SCHEMAS, modeline
from backmail.yamlfile.reading import parse
from backmail.yamlfile.sections import with_entries, with_section
from backmail.yamlfile.writing import dump

__all__ = [
    "SCHEMAS",
    "Data",
    "Document",
    "bind",
    "dump",
    "front_matter",
    "line_end",
    "load",
    "modeline",
    "parse",
    "read_text",
    "settings_of",
    "unified",
    "with_entries",
    "with_section",
    "with_value",
]
