"""A segment: a saved question about people's labels and fields, as a tree; read from one line or from YAML."""

from backmail.segments.parser import faults, parse
from backmail.segments.tree import All, And, Condition, Field, Finished, Not, Or, Segment, Tag, conditions
from backmail.segments.trees import of_yaml

__all__ = [
    "All",
    "And",
    "Condition",
    "Field",
    "Finished",
    "Not",
    "Or",
    "Segment",
    "Tag",
    "conditions",
    "faults",
    "of_yaml",
    "parse",
]
