"""Documents of others, from folders that a person names: fixtures of juice, and the mails of Cerberus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import css_inline

from backmail.errors import TemplateError
from backmail.rendering import inline
from tests.judges.inliner import styles
from tests.judges.verdict import Verdict

# What must still be there afterwards, in a mail that was written with its hacks in place.
_INVENTORY = {
    "conditional comments": re.compile(r"<!--\[if"),
    "VML": re.compile(r"<v:\w+"),
    "media queries": re.compile(r"@media"),
}


def judge(folder: Path) -> Iterator[Verdict]:
    """Inline every document below a folder: X.html with X.css and X.out is a fixture, any other a whole mail.

    Fixtures are those of another inliner and ask for its manners, too, so css-inline stands beside ours.
    """
    for path in sorted(folder.rglob("*.html")):
        rules, wanted = path.with_suffix(".css"), path.with_suffix(".out")
        if rules.exists() and wanted.exists():
            for name, inliner in (("ours", inline.inlined), ("css-inline", _other)):
                good, told = _fixture(path, rules, wanted, inliner)
                yield Verdict(f"fixtures, {name}", good, told, decides=False)
        elif "</style>" in path.read_text(encoding="utf-8", errors="replace"):
            yield Verdict("whole mails: nothing lost", *_whole(path))


def _other(html: str) -> str:
    return css_inline.CSSInliner(load_remote_stylesheets=False).inline(html)


def _fixture(path: Path, rules: Path, wanted: Path, inliner: Callable[[str], str]) -> tuple[bool, str]:
    text, css = path.read_text(encoding="utf-8"), rules.read_text(encoding="utf-8")
    try:
        made = inliner(f"<html><head><style>{css}</style></head><body>{text}</body></html>")
    except (TemplateError, css_inline.InlineError) as error:
        return False, f"{path.name}: {error}"
    good = styles(made) == styles(wanted.read_text(encoding="utf-8"))
    return good, "" if good else path.name


def _whole(path: Path) -> tuple[bool, str]:
    """Keep every style block as it is, as a theme of ours would, and count what is left of the rest."""
    text = path.read_text(encoding="utf-8", errors="replace").replace("<style>", '<style data-premailer="ignore">')
    try:
        made = inline.inlined(text)
    except TemplateError as error:
        return False, f"{path.name}: {error}"
    lost = [
        f"{name} {len(sign.findall(text))} -> {len(sign.findall(made))}"
        for name, sign in _INVENTORY.items()
        if len(sign.findall(made)) < len(sign.findall(text))
    ]
    return not lost, f"{path.name}: {', '.join(lost)}" if lost else ""
