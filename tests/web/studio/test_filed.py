"""The addresses of exported files are relative, and each of them is a file that gets written."""

import unicodedata

import pytest

from backmail.desk.preview.looks import Look, Pictures
from backmail.web.studio.addresses import View
from backmail.web.studio.filed import Filed, Shelf, Wanted

EMAIL = View("email", "pots", step="water", person="bo", view="text")


def written(shelf: Shelf) -> dict[str, Wanted]:
    """Return all files of a shelf by their paths."""
    return dict(shelf.files())


def test_pages_lead_to_each_other_by_relative_addresses() -> None:
    shelf = Shelf(("pots", "herbs"), "anna")
    here = shelf.page(EMAIL)
    assert here == "c/pots/e/water/bo/text.html"
    beside = Filed(shelf, here)
    assert not beside.live
    assert beside.page(EMAIL) == "text.html"
    assert beside.page(View("email", "pots", step="light", person="anna")) == "../../light/anna/html.html"
    assert beside.page(View("sequence", "pots")) == "../../../sequence.html"
    assert beside.page(View("sequence", "pots", person="bo")) == "../../../as/bo/sequence.html"
    assert beside.page(View()) == "../../../../../index.html"
    assert beside.asset("studio.css") == "../../../../../static/studio.css"
    assert beside.raw(EMAIL, "eml") == "../../../../../raw/pots/water/bo.eml"
    assert Filed(shelf, "index.html").page(View("inbox", "pots", person="anna")) == "c/pots/inbox.html"


def test_looks_and_widths_are_chosen_within_a_page_but_are_mails_of_their_own() -> None:
    shelf = Shelf(("pots",), "anna")
    dark = View("email", "pots", step="water", look=Look.DARK, pictures=Pictures.OFF, width=320, beside="bo")
    assert shelf.page(dark) == "c/pots/e/water/anna/html.html"
    assert shelf.raw(dark, "html", looked_at=True) == "raw/pots/water/anna/dark-off.html"
    assert shelf.raw(dark, "html", looked_at=False) == "raw/pots/water/anna.html"
    kept = written(shelf)["raw/pots/water/anna/dark-off.html"]
    assert kept.looked_at
    assert (kept.view.look, kept.view.pictures, kept.view.person) == (Look.DARK, Pictures.OFF, "anna")


def test_the_sequence_of_a_campaign_alone_is_the_first_page() -> None:
    shelf = Shelf(("pots",), "anna")
    assert shelf.page(View("sequence", "pots", person="anna")) == "index.html"
    assert shelf.page(View()) == "index.html"
    assert written(shelf) == {"index.html": Wanted(View("sequence", "pots", person="anna"))}
    assert written(Shelf(("pots", "herbs"), "anna")) == {"index.html": Wanted(View())}
    assert written(Shelf((), "anna")) == {"index.html": Wanted(View())}


def test_the_filters_of_checks_are_pages_of_their_own_and_a_block_is_none() -> None:
    shelf = Shelf(("pots",), "anna")
    here = Filed(shelf, "index.html")
    assert here.page(View("checks", "pots")) == "c/pots/checks.html"
    assert here.page(View("checks", "pots", level="error")) == "c/pots/checks/error.html"
    assert here.page(View("checks", "pots", person="bo")) == "c/pots/as/bo/checks.html"
    assert here.page(View("checks", "pots", step="water", person="bo")) == "c/pots/checks/water/all.html"
    assert here.page(View("checks", "pots", level="error", person="bo")) == "c/pots/checks/error.html"
    assert here.page(View("outline", "pots", block="b07")) == "c/pots/outline.html"


def test_what_is_asked_for_while_others_are_written_is_written_too() -> None:
    shelf = Shelf(("pots",), "anna")
    seen = []
    for path, _ in shelf.files():
        seen.append(path)
        if path == "index.html":
            shelf.page(EMAIL)
        elif path.startswith("c/"):
            shelf.asset("studio.css")
    assert seen == ["index.html", "c/pots/e/water/bo/text.html", "static/studio.css"]


@pytest.mark.parametrize(
    ("step", "path", "address"),
    [
        ("..", "raw/pots/%2E%2E/anna.txt", "raw/pots/%252E%252E/anna.txt"),
        ("a b#c?", "raw/pots/a%20b%23c%3F/anna.txt", "raw/pots/a%2520b%2523c%253F/anna.txt"),
        ("grød", "raw/pots/grød/anna.txt", "raw/pots/gr%C3%B8d/anna.txt"),
    ],
)
def test_names_of_any_kind_stay_one_part_of_a_path(step: str, path: str, address: str) -> None:
    shelf = Shelf(("pots",), "anna")
    view = View("email", "pots", step=step)
    assert shelf.raw(view, "txt", looked_at=False) == path
    assert Filed(shelf, "index.html").raw(view, "txt") == address


def test_other_names_are_other_files_on_every_disk() -> None:
    names = ["anna", "Anna", "ANNA", "con", "Con", "lpt1", "nul", "con.x", "a", "a.", ".a", "grød", "GRØD", "straße"]
    names += [
        "strasse",
        "caf\u00e9",
        "cafe\u0301",
        "\u1100\u1161",
        "\uac00",
        "com\u00b9",
        "\u0200",
        " 0",
        "%20",
        "1f60",
        "\U0001f600",
    ]
    shelf = Shelf(("pots",), "anna")
    paths = [shelf.raw(View("email", "pots", step="water", person=name), "eml", looked_at=False) for name in names]
    files = [path.removeprefix("raw/pots/water/").removesuffix(".eml") for path in paths]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in files}) == len(names)
    reserved = {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert not [name for name in files if unicodedata.normalize("NFKC", name).partition(".")[0].casefold() in reserved]
    assert not [name for name in files if name.startswith(".") or name.endswith((".", " "))]
