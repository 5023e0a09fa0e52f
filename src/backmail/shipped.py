"""Finds the folders that ship with backmail: the templates and the sample campaign."""

from pathlib import Path

__all__ = ["shipped"]

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parents[1]


def shipped(name: str) -> Path:
    """Return the folder `name` ("templates" or "campaigns") as it came with this installation.

    An installed package holds it inside itself; a checkout keeps it beside `pyproject.toml`, where people look for it.

    Raises:
        FileNotFoundError: neither place has the folder, so the installation is damaged.
    """
    packed = _HERE / "_shipped" / name
    if packed.is_dir():
        return packed
    beside = _CHECKOUT / name
    if beside.is_dir() and (_CHECKOUT / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(f"backmail's own folder {name!r} is missing from {_HERE}: install backmail again")
