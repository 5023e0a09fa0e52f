"""Strict YAML: every value knows its line and column, and all faults of a file are told at once, in plain words."""

from backmail.yamlfile.binding import bind
from backmail.yamlfile.document import Data, Document
from backmail.yamlfile.files import front_matter, load, read_text
from backmail.yamlfile.reading import parse
from backmail.yamlfile.writing import dump

__all__ = ["Data", "Document", "bind", "dump", "front_matter", "load", "parse", "read_text"]
