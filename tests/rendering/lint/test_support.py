"""What mail programs know goes by the data that ships: weighed, told once, and silent on what is accepted."""

import json
from importlib.resources import files

import backmail.rendering.lint
from backmail.model.campaign import Severity
from backmail.rendering.lint.support import ACCEPTED, caniemail_date, known
from tests.rendering.lint.mails import Mail, about, judged

DATA = json.loads((files(backmail.rendering.lint) / "caniemail/features.json").read_text(encoding="utf-8"))
CLIENTS = {"gmail": 4, "apple-mail": 2, "outlook": 6, "yahoo": 3, "samsung-email": 1}


def test_the_data_ships_with_its_date_and_licence() -> None:
    assert caniemail_date() == DATA["date"] >= "2026-01-01"
    licence = (files(backmail.rendering.lint) / "caniemail/LICENSE").read_text(encoding="utf-8")
    assert "Rémi Parmentier" in licence
    assert "without restriction" in licence


def test_every_feature_is_refused_by_a_platform_that_is_counted() -> None:
    for feature in DATA["features"]:
        refused = [each.split(" ") for each in feature["refused"]]
        assert refused
        assert len(set(map(tuple, refused))) == len(refused)
        for maker, most in CLIENTS.items():
            assert sum(each[0] == maker for each in refused) <= most, feature["slug"]
        assert {each[0] for each in refused} <= CLIENTS.keys()


def test_what_is_accepted_is_a_feature_that_somebody_refuses() -> None:
    assert ACCEPTED.keys() <= {feature["slug"] for feature in DATA["features"]}
    assert not ACCEPTED.keys() & {feature.slug for feature in known().properties.values()}


def test_a_feature_is_told_once_however_often_it_is_used() -> None:
    mail = Mail().plus('<p style="animation:a 1s">Rest</p><p style="animation:b 1s;margin:0">Well</p>' * 9)
    assert [each.severity for each in about("cie-css", judged(mail))] == [Severity.WARNING]


def test_it_says_who_refuses_it_and_how_many_readers_that_are() -> None:
    mail = Mail().plus('<p style="width:calc(1px + 1em)">Rest</p>')
    (found,) = about("cie-css", judged(mail))
    assert "calc() function does not work in Outlook and Yahoo" in found.message
    assert "caniemail.com/features/css-unit-calc" in found.hint
