"""Passages are the text of a body with its lines."""

from __future__ import annotations

from backmail.markup import passages, plain

BODY = """## A *heading*

One `code` line
and [another](https://a.example/x) one.
![a picture](images/a.png)

1. first
2. second

| a | b |
|---|---|
| c | d |

```
x = 1
y = 2
```

::: faq id=b1
inside
:::
"""


def test_every_kind_of_passage_is_found_with_its_lines() -> None:
    found = passages(BODY, first_line=5)
    assert [(each.text, each.line) for each in found] == [
        ("A heading", 5),
        ("One code line and another one. a picture", 7),
        ("first", 11),
        ("second", 12),
        ("a | b", 14),
        ("c | d", 16),
        ("x = 1 y = 2", 19),
        ("inside", 24),
    ]
    assert found[1].pieces == (("One code line", 7), ("and another one.", 8), ("a picture", 9))
    assert found[1].targets == (("https://a.example/x", 8), ("images/a.png", 9))


def test_plain_text_has_a_line_for_each() -> None:
    assert plain("## One\n\ntwo\nlines\n\n- three") == "One\ntwo lines\nthree"
    assert plain("") == ""
