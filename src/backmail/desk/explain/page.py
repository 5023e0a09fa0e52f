"""An explanation as one page to keep: the article on the left, the plan on the right, each part linked to its mail."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from backmail.desk.explain.telling import other_of
from backmail.desk.explain.views import Explanation
from backmail.desk.explain.words import Words
from backmail.shipped import shipped

__all__ = ["page"]


def page(explanation: Explanation, words: Words) -> str:
    """Return an explanation as HTML: no script, nothing from elsewhere, all text escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    studio = FileSystemLoader(shipped("templates") / "studio")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=studio
    )
    return environment.get_template("explanation.html.jinja").render(
        shown=explanation,
        words=words,
        say=words.say,
        other_of=lambda block: other_of(block, words),
        file=Path(explanation.file).name,
        version=version("backmail"),
    )
