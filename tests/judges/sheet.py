"""All pictures on one page, and that page as a picture: what a person looks through in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

_WIDE = 1800


def contact_sheet(pictures: Sequence[tuple[str, Path]], folder: Path, browser: Browser) -> Path:
    """Write index.html and sheet.png into the folder that the pictures are in; return the latter."""
    figures = "".join(
        f'<figure><a href="{escape(path.name)}"><img src="{escape(path.name)}" alt=""></a>'
        f"<figcaption>{escape(title)}</figcaption></figure>"
        for title, path in pictures
    )
    page = folder / "index.html"
    page.write_text(_PAGE.format(figures=figures), encoding="utf-8")
    context = browser.new_context(viewport={"width": _WIDE, "height": 1000})
    shown = context.new_page()
    shown.goto(page.resolve().as_uri())
    sheet = folder / "sheet.png"
    shown.screenshot(path=sheet, full_page=True)
    context.close()
    return sheet


_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Mails in mail programs</title>
<style>
body {{ margin: 16px; font: 14px/20px sans-serif; background: #ffffff; color: #1a1a1a; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 16px; }}
figure {{ margin: 0; }} img {{ width: 100%; border: 1px solid #cccccc; }}
</style><main>{figures}</main></html>
"""
