"""Which edition of the time zones is meant: what zoneinfo goes by, and what was noted."""

import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.store import tzdata
from backmail.store.engine import durable, reading


@pytest.fixture
def path() -> Iterator[None]:
    """Put back where zoneinfo looks."""
    yield
    zoneinfo.reset_tzpath()


def system(folder: Path, source: str | None, zone: bytes = b"TZif2") -> Path:
    """Make a folder of zones as systems have them."""
    (folder / "Etc").mkdir(parents=True)
    (folder / "Etc" / "UTC").write_bytes(zone)
    if source is not None:
        (folder / "tzdata.zi").write_text(source, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("path")
def test_the_systems_zones_come_first(tmp_path: Path) -> None:
    zoneinfo.reset_tzpath([str(tmp_path / "nothing"), str(system(tmp_path / "zones", "# version 2031c\n# ddeps\n"))])
    assert tzdata.present() == "2031c"


@pytest.mark.usefixtures("path")
def test_without_them_those_of_the_package_hold() -> None:
    from importlib.metadata import version

    zoneinfo.reset_tzpath([])
    year, _, number = version("tzdata").partition(".")
    assert tzdata.present() == f"{year}{chr(ord('a') + int(number) - 1)}"


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("source", [None, "", "\u00e6"], ids=["no source", "empty", "not ASCII"])
def test_zones_without_an_edition_are_named_by_what_they_say(tmp_path: Path, source: str | None) -> None:
    zoneinfo.reset_tzpath([str(system(tmp_path / "one", source))])
    one = tzdata.present()
    zoneinfo.reset_tzpath([str(system(tmp_path / "two", source, b"TZif2 and other rules"))])
    two = tzdata.present()
    assert one != two
    assert one.startswith("unnamed-")


def test_what_is_noted_last_holds(store: sa.Engine) -> None:
    with reading(store) as tx:
        assert tzdata.noted(tx) is None
    for edition in ("2026a", "2026f", "2026f"):
        with durable(store) as tx:
            tzdata.note(tx, edition)
    with reading(store) as tx:
        assert tzdata.noted(tx) == "2026f"
