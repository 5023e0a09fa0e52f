"""The schemas of people's files: whatever our reader takes fits them, slips do not, and every setting is explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from backmail import clock
from backmail.config import find_project, sample_campaigns, start_project
from backmail.desk import schemas
from backmail.desk.begin import begin
from backmail.errors import InputError, UnknownName
from backmail.yamlfile import bind, dump, load, parse

JUDGES = {kind: Draft7Validator(schemas.schema(kind)) for kind in schemas.KINDS}
GOOD: dict[str, dict[str, Any]] = {
    "campaign": {
        "format": 1,
        "id": "c-a",
        "name": "A",
        "kind": "drip",
        "from": {"name": "A", "email": "a@example.org"},
    },
    "step": {"id": "one", "subject": "One"},
    "config": {},
    "outline": {},
    "catalog": {},
    "person": {"email": "a@example.org"},
}
# What people write, and what they mistype: each is tried at every setting.
WORDS = [
    "", " ", "all", "any", "weekends", "en", "pt-BR", "Danish", "yes", "on", "null", "0", "0d", "1w", " 3h ", "30m",
    "01d", "7 d", "99999d", "09:00", "9:00", "24:00", "tue", "Tuesday", "TUE", "tuseday", "2027-03-02", "20270302",
    "2027-W09-2", "2.3.2027", "tag:bought", 'tag:"bought twice"', "Tag:x", " tag:x", "tag:a;b", "confirmed",
    "enroll", "confirm", "UTC", "Europe/Copenhagen", "Europe/Kobenhavn", "utc", "a@example.org", " a@example.org ",
    "a@b", "anna", "Anna <a@example.org>", "a@bücher.example", "https://example.org/", "HTTP://example.org",
    "http://localhost:80", "example.org", "https://", "{{ links.view }}", "ftp://x.org", "#1f5f4a", "#FFF", "1f5f4a",
    "Georgia, serif", 'url("x")', "smtp.example.org", "smtp.example.org:25", "::1", "postgresql://host/name",
    "sqlite:///x.db", "mysql://x", "outbox", "20s", "0.5s", " 1h ", "0.1s", "5", "one\ntwo", "one\n", "a;b", "æøå",
    "field:language=da", "tag:a and not tag:b", "drip", "folder", "smtp", "tls", "resend", "exercise", "link",
]  # fmt: skip
SCALARS = [*WORDS, 0, 1, 7, 25, -1, 1.5, 1e3, True, False, None]
ANY = st.sampled_from(SCALARS)
VALUES = st.lists(ANY, max_size=3) | st.dictionaries(st.sampled_from(["and", "not", "en", "x-a"]), ANY)


def places(schema: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the path and the schema of every setting, those within others too; through a list by way of "*"."""
    for name, each in schema.get("properties", {}).items():
        yield (*above, name), each
        for branch in each.get("anyOf", [each]):
            yield from places(branch, (*above, name))
            if isinstance(branch.get("items"), dict):
                yield from places(branch["items"], (*above, name, "*"))


PLACES = {kind: sorted(dict(places(schemas.schema(kind)))) for kind in schemas.KINDS}


def put(data: Any, path: tuple[str, ...], value: object) -> Any:
    """Return `data` with `value` at a path; what is missing on the way is made."""
    if not path:
        return value
    if path[0] == "*":
        return [put(data[0] if isinstance(data, list) and data else {}, path[1:], value)]
    here = data if isinstance(data, dict) else {}
    return {**here, path[0]: put(here.get(path[0]), path[1:], value)}


def taken(kind: str, text: str) -> bool:
    """Return whether our own reader takes the text of a file."""
    try:
        bind(parse(text, "file.yaml"), schemas.KINDS[kind].model)
    except InputError:
        return False
    return True


def flagged(kind: str, text: str) -> list[str]:
    """Return what the schema has against the text of a file, as an editor reads it."""
    data = parse(text, "file.yaml").data
    return [error.message for error in JUDGES[kind].iter_errors({} if data is None else data)]


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_the_schema_is_one_and_stands_alone(kind: str) -> None:
    made = schemas.schema(kind)
    Draft7Validator.check_schema(made)
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in schemas.text(kind)
    assert schemas.text(kind) == schemas.text(kind)
    assert json.loads(schemas.text(kind)) == made


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_every_setting_is_explained(kind: str) -> None:
    found = dict(places(schemas.schema(kind)))
    assert found
    assert [".".join(path) for path, each in found.items() if len(each.get("description", "")) < 10] == []
    assert [".".join(path) for path, each in found.items() if "title" in each] == []


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_what_our_reader_takes_is_not_flagged(kind: str) -> None:
    """Each word at each setting. (That YAML's true is taken for the 1 of `format` is Python's doing.)"""
    wrong = []
    for path, each in places(schemas.schema(kind)):
        for value in [] if "properties" in each else SCALARS:
            text = dump(put(GOOD[kind], path, value))
            if taken(kind, text) and flagged(kind, text) and (path, value) != (("format",), True):
                wrong.append((path, value))
    assert wrong == []


@pytest.mark.parametrize("kind", schemas.KINDS)
@given(value=VALUES, data=st.data())
def test_lists_and_mappings_that_our_reader_takes_are_not_flagged(
    kind: str, value: object, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(PLACES[kind]))
    text = dump(put(GOOD[kind], path, value))
    assert not taken(kind, text) or flagged(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("campaign", "schedule.days", ["tuseday"]),
        ("campaign", "schedule.at", "9:00"),
        ("campaign", "schedule.between", ["08:00"]),
        ("campaign", "schedule.late", "2 hours"),
        ("campaign", "schedule.skip", ["weekend"]),
        ("campaign", "zone", "Europe/Kobenhavn"),
        ("campaign", "from.email", "Anna <anna@example.org>"),
        ("campaign", "kind", "drp"),
        ("campaign", "exits", ["bought"]),
        ("campaign", "audience", {"and": ["tag:x"]}),
        ("campaign", "audience", {"nor": ["tag:x", "tag:y"]}),
        ("campaign", "signatur", "Anna"),
        ("campaign", "signature", "Anna\nHolm"),
        ("step", "after", 7),
        ("step", "action", {"text": "Go", "kind": "links"}),
        ("step", "subject", ""),
        ("config", "brand.accent", "green"),
        ("config", "transport.host", "smtp.example.org:25"),
        ("config", "transport.port", "587"),
        ("config", "engine.lease", "20"),
        ("config", "database", "mysql://host/name"),
        ("outline", "overrides", [{"block": "a", "kind": "exercize"}]),
        ("catalog", "products", [{"sku": "a b", "name": "A"}]),
        ("catalog", "products", [{"sku": "a", "name": "A", "link": "example.org"}]),
        ("person", "timezone", "Copenhagen"),
        ("person", "tags", [1]),
    ],
)
def test_a_slip_is_flagged(kind: str, path: str, value: object) -> None:
    text = dump(put(GOOD[kind], tuple(path.split(".")), value))
    assert not taken(kind, text)
    assert flagged(kind, text)


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_needed_is_asked_for(kind: str) -> None:
    needed = {name for name, _ in GOOD[kind].items()}
    assert flagged(kind, dump(GOOD[kind])) == []
    assert set(schemas.schema(kind).get("required", [])) == needed


def test_the_zones_offered_are_zones() -> None:
    assert clock.packaged_zones() <= clock.zone_names()
    assert len(clock.packaged_zones()) > 400


def test_a_new_project_fits_its_own_schemas(tmp_path: Path) -> None:
    begin(tmp_path)
    assert schemas.stale(tmp_path) == []
    seen = set()
    for path in sorted(tmp_path.rglob("*.yaml")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith("# yaml-language-server: $schema=")
        found = (path.parent / first.partition("=")[2]).resolve()
        assert found.parent == (tmp_path / ".backmail" / "schema").resolve()
        seen.add(found.stem)
        errors = Draft7Validator(json.loads(found.read_text(encoding="utf-8"))).iter_errors(load(path).data)
        assert [error.message for error in errors] == [], path
    assert seen == {*schemas.KINDS} - {"step"}
    assert find_project(tmp_path, environ={}).found


def test_the_sample_that_ships_names_no_schema(tmp_path: Path) -> None:
    """It stands in a checkout, where there is none; who takes it over gets the line."""
    assert all("yaml-language-server" not in path.read_text() for path in sample_campaigns()[0].glob("*.yaml"))
    start_project(tmp_path)
    assert not (tmp_path / ".backmail").exists()
    assert all("yaml-language-server" not in path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.yaml"))


def test_what_is_out_of_date_is_told_and_mended(tmp_path: Path) -> None:
    assert len(schemas.stale(tmp_path)) == len(schemas.KINDS)
    assert len(schemas.write(tmp_path)) == len(schemas.KINDS)
    assert schemas.write(tmp_path) == []
    folder = tmp_path / ".backmail" / "schema"
    (folder / "step.json").unlink()
    (folder / "config.json").write_bytes(b"\xff")
    (folder / "list.json").write_text("{}", encoding="utf-8")
    wrong = [folder / name for name in ("config.json", "step.json", "list.json")]
    assert schemas.stale(tmp_path) == wrong
    assert schemas.write(tmp_path) == wrong
    assert schemas.stale(tmp_path) == []
    assert sorted(path.stem for path in folder.iterdir()) == sorted(schemas.KINDS)


def test_a_file_finds_its_schema_from_where_it_is(tmp_path: Path) -> None:
    far = tmp_path / "campaigns" / "one"
    assert schemas.line("campaign", far, tmp_path) == ""
    schemas.write(tmp_path)
    assert schemas.line("campaign", far, tmp_path) == (
        "# yaml-language-server: $schema=../../.backmail/schema/campaign.json\n"
    )
    assert schemas.folder_from(tmp_path, tmp_path) == ".backmail/schema"


def test_a_schema_that_is_none_is_named() -> None:
    with pytest.raises(UnknownName, match="did you mean 'campaign'"):
        schemas.text("campain")
    with pytest.raises(UnknownName, match="there are config, campaign"):
        schemas.text("zzz")
