"""A segment in YAML is the same tree as in one line."""

import re

import pytest

from backmail.segments import And, Field, Not, Or, Segment, Tag, of_yaml, parse
from backmail.yamlfile import parse as yaml

A, B = Tag("a"), Tag("b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("tag:a", A),
        ("tag:a or tag:b", Or((A, B))),
        ("{and: [tag:a, {not: tag:b}]}", And((A, Not(B)))),
        ("or:\n- tag:a\n- and: [tag:b, 'field:town=Ny by']", None),
        ("or:\n- tag:a\n- and: [tag:b, 'field:town=\"Ny by\"']", Or((A, And((B, Field("town", "Ny by")))))),
        ("not: tag:a or tag:b", Not(Or((A, B)))),
    ],
)
def test_yaml_means_its_tree(text: str, tree: Segment | None) -> None:
    if tree is None:
        with pytest.raises(ValueError, match="'by' says nothing here"):
            of_yaml(yaml(text, "x.yaml").data)
        return
    found = of_yaml(yaml(text, "x.yaml").data)
    assert found == tree
    assert parse(str(found)) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tag:a]", "a segment is a text, or one of and, or, not\nsuch as {and: [tag:x, {not: tag:y}]}"),
        ("{and: [tag:a, tag:b], or: [tag:a, tag:b]}", "a segment is a text, or one of and, or, not\nsuch as "),
        ("{nto: tag:a}", "'nto' is not known here\ndid you mean 'not'?"),
        ("{and: [tag:a]}", "'and' takes a list of two or more"),
        ("{and: tag:a}", "'and' takes a list of two or more"),
        ("{not: [tag:a]}", "a segment is a text, or one of and, or, not\nsuch as "),
        ("7", "a segment is a text"),
        ("{not: tag:a adn tag:b}", "'adn' says nothing here (at its character 7)\ndid you mean 'and'?"),
        ("{not: " * 21 + "all" + "}" * 21, "more than 20 levels deep"),
        ("{or: [" + "all," * 101 + "]}", "more than 100 conditions"),
    ],
)
def test_what_is_none_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        of_yaml(yaml(text, "x.yaml").data)
