"""Which templates are sure to end soon, by their syntax alone; all others are composed in a process with limits."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import jinja2
from jinja2 import nodes

from backmail.model.campaign import Campaign, Step
from backmail.rendering.sandbox import theme_environment
from backmail.shipped import shipped

if TYPE_CHECKING:
    from backmail.rendering.theme import Theme

# What works in proportion to what it is given. Not among them: whatever calls, sets a name, includes or multiplies. A
# few lines of those, each with the last one's result, grow without end.
_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Concat,
    nodes.Add,
    nodes.Sub,
    nodes.Tuple,
    nodes.List,
    nodes.Test,
    nodes.Filter,
    nodes.For,
    nodes.Block,
    nodes.Extends,
)
# Put one after the other in any order, these do not grow a text beyond a few times its length.
_FILTERS = frozenset(
    {"capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last", "length", "lower"}
    | {"safe", "string", "title", "trim", "truncate", "upper", "wordcount"}
)


def bounded(campaign: Campaign, step: Step, theme: Theme) -> bool:
    """Whether all templates of a step's mail end soon: what ships does, and what has no loops in loops and no calls."""
    texts = (step.subject, step.preheader, step.action.text, step.action.url, step.body, campaign.greeting.with_name)
    return all(map(ends, texts)) and all(text in _shipped() or ends(text) for text in theme.files.values())


@lru_cache(maxsize=512)
def ends(text: str) -> bool:
    """Whether a template ends soon by its syntax. One that cannot be read is never run."""
    if "{" not in text:
        return True
    try:
        tree = theme_environment(jinja2.DictLoader({})).parse(text)
    except (jinja2.TemplateSyntaxError, RecursionError):
        return True
    return all(map(_is_plain, _below(tree)))


def _below(node: nodes.Node) -> list[nodes.Node]:
    """Return a node and all that is in it."""
    found = [node]
    for each in found:
        found += each.iter_child_nodes()
    return found


def _is_plain(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS
    if isinstance(node, nodes.For):
        over = isinstance(node.iter, nodes.Name | nodes.Getattr) and not node.recursive
        return over and not any(isinstance(each, nodes.For) for each in _below(node)[1:])
    return isinstance(node, _NODES)


@cache
def _shipped() -> frozenset[str]:
    """Return the texts of all templates that ship."""
    return frozenset(path.read_text(encoding="utf-8") for path in shipped("templates").rglob("*.jinja"))
