"""Segments for tests: any tree that there can be, over a few names and values, awkward ones among them."""

from hypothesis import strategies as st

from backmail.segments import All, And, Field, Finished, Not, Or, Segment, Tag

AWKWARD = [
    "a b",
    '"',
    "\\",
    "it's",
    "'",
    "(x)",
    "and",
    "a=b",
    "æ",
    "\\'",
    "not tag:x",
    "tag:x",
    "😀",
    "%",
    "_",
    "a \\b",
    'a "\\',
]
NAMES = ["new", "backpain", "language=da", *AWKWARD]
FIELDS = ["language", "timezone", "first_name", "last_name", "town", "7", "a.b", "a-b_c"]
VALUES = ["", "da", "Anna", "Europe/Copenhagen", *AWKWARD]
SLUGS = ["stronger-back", "better sleep"]

asked = st.one_of(
    st.just(All()),
    st.builds(Tag, st.sampled_from(NAMES)),
    st.builds(Field, st.sampled_from(FIELDS), st.sampled_from(VALUES)),
    st.builds(Finished, st.sampled_from(SLUGS)),
)


def _joined(inner: st.SearchStrategy[Segment]) -> st.SearchStrategy[Segment]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(And, parts), st.builds(Or, parts))


trees: st.SearchStrategy[Segment] = st.recursive(asked, _joined, max_leaves=8)
