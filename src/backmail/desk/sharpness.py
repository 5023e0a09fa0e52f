"""Whether the pictures of a finished mail that stand in its campaign's folder are sharp, and light enough to load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from backmail.desk.beside import digest_in
from backmail.model.campaign import Finding, PictureFile, Severity, Step
from backmail.model.message import Message
from backmail.rendering.lint import locate

__all__ = ["sharpness"]

_HEAVY = 1024 * 1024  # bytes of one picture, and twice that of all of a mail
_LEAST, _MOST = 2, 3  # pixels of the file for one of its place: screens of phones have two or three


def sharpness(message: Message, step: Step, folder: Path, pictures: Mapping[str, PictureFile]) -> Iterator[Finding]:
    """Yield img-weight, img-retina, img-format: what is wrong with the files of a mail's own pictures.

    Args:
        message: the mail as one reader gets it.
        step: the step it is made from, so that findings can name file and line.
        folder: the campaign's.
        pictures: those of the folder, by their names in it.
    """
    names = {each.digest: name for name, each in pictures.items()}
    shown: dict[str, int] = {}
    for address, width in _images(message.part("html")):
        name = names.get(digest_in(address), "")
        if name:
            shown[name] = max(width, shown.get(name, 0))
    for name, width in shown.items():
        place = locate(step, name, folder) or locate(step, Path(name).name, folder)
        for rule, said, hint in _remarks(name, pictures[name], width):
            yield Finding(rule, Severity.WARNING, said, "", step.id, place, hint)
    weight = sum(pictures[name].size for name in shown)
    if weight > 2 * _HEAVY and not any(pictures[name].size > _HEAVY for name in shown):
        said = f"the pictures of this mail weigh {weight / _HEAVY:.1f} MiB together: on a phone it stays empty for long"
        yield Finding("img-weight", Severity.WARNING, said, "", step.id, None, "show fewer, or smaller ones")


def _remarks(name: str, picture: PictureFile, width: int) -> Iterator[tuple[str, str, str]]:
    """Yield rule, message and hint of what is wrong with a picture that is shown `width` pixels wide."""
    if picture.size > _HEAVY:
        said = f"{name} weighs {picture.size / _HEAVY:.1f} MiB: on a phone its place stays empty for long"
        yield "img-weight", said, f"save it {_LEAST * width} pixels wide, as JPEG with a quality of about 80"
    if picture.width and width and not _LEAST * width <= picture.width <= _MOST * width:
        few = picture.width < _LEAST * width
        result = "it looks blurred on phones" if few else "readers load more than their screens show"
        said = f"{name} is {picture.width} pixels wide and is shown {width} wide: {result}"
        yield "img-retina", said, f"{_LEAST * width} to {_MOST * width} pixels are right"
    if picture.kind == "webp" and not name.lower().endswith(".webp"):  # one that says so is judged by its address
        said = f"{name} is a WebP by what it holds, which Outlook on Windows does not show"
        yield "img-format", said, "save it as JPEG or PNG"


def _images(html: str) -> Iterator[tuple[str, int]]:
    """Yield address and width in pixels of each picture of a mail; 0 where it says none."""
    from lxml.html import document_fromstring  # the command line starts without it

    for image in document_fromstring(html).iter("img") if html.strip() else ():
        width = str(image.get("width") or "")
        yield str(image.get("src") or "").strip(), int(width) if width.isdecimal() and len(width) < 6 else 0
