"""What a page of the documentation has its reader do.

A fenced block of `console` or `sh` after the comment `<!-- run -->` is to be run as printed. A block of `yaml` after
the comment `<!-- into: FILE -->` is what she puts into FILE, in the place of the settings of its names.
"""

import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^(<!-- run -->\n+)?```(console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = re.compile(r"^<!-- into: (\S+) -->\n+```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script(kind: str, body: str) -> str:
    """Return what a person would type: all of an sh block, of a console block the lines after the prompt."""
    if kind == "sh":
        return body
    return "\n".join(re.findall(r"^\$ ((?:.*\\\n)*.*)$", body, re.MULTILINE))


def blocks(readme: str) -> list[tuple[bool, str]]:
    """Return for each block whether it is to be run, and its commands."""
    return [(bool(mark), script(kind, body)) for mark, kind, body in BLOCK.findall(readme)]


def walk(page: str) -> Iterator[tuple[str, str]]:
    """Yield what a reader of the page does, in order: ("", commands to run) or (a file, settings to put into it)."""
    found = [(at.start(), "", script(at[2], at[3])) for at in BLOCK.finditer(page) if at[1]]
    found += [(at.start(), at[1], at[2]) for at in SETTINGS.finditer(page)]
    for _, file, text in sorted(found):
        yield file, text


def put_into(file: Path, settings: str) -> None:
    """Put settings in the place of those of their names."""
    kept = file.read_text(encoding="utf-8")
    for name in re.findall(r"^(\w+):", settings, re.MULTILINE):
        kept, replaced = re.subn(rf"^{name}:.*\n(?:[ #].*\n|\n(?=[ ]))*", "", kept, flags=re.MULTILINE)
        assert replaced == 1, name
    file.write_text(f"{kept}\n{settings}", encoding="utf-8")
