"""Scanners open every link of every mail, with every method: nothing of any table changes by it."""

from itertools import product

from backmail.links import PURPOSES
from backmail.sending.decisions import ask_to_confirm
from tests.web.counter import Counter

LOOKING = ("GET", "HEAD", "OPTIONS")
PAGES = (
    *("/", "/healthz", "/u/{}", "/u/{}/undo", "/confirm/{}", "/v/{}", "/cal/{}.ics", "/sheet/{}", "/p/{}"),
    *("/media/{}/picture.png", "/nowhere/{}"),
)


def test_a_scanner_that_opens_everything_changes_nothing(at_both: Counter) -> None:
    at = at_both
    at.reader("carla@example.org")
    person = at.person("ben@example.org", state="pending")
    with at.backmail.durable() as tx:
        ask_to_confirm(tx, at.backmail.shelf, person, now=at.clock.at, zone=at.backmail.zone)
    left = at.reader("dora@example.org")
    at.client.post(at.path("unsubscribe", left))
    before = at.everything()
    assert before["suppressions"]
    tokens = [at.backmail.links.token(purpose, str(row[0])) for purpose, row in product(PURPOSES, before["deliveries"])]
    seen = set()
    for method, page, token in product(LOOKING, PAGES, tokens):
        seen.add(at.client.request(method, page.format(token)).status_code)
    assert at.everything() == before
    assert seen == {200, 404, 405}


def test_no_other_method_acts(at: Counter) -> None:
    path = at.path("unsubscribe", at.reader())
    before = at.everything()
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert at.client.request(method, path).status_code == 405
    assert at.everything() == before


def test_a_token_works_for_its_own_purpose_only(at: Counter) -> None:
    reader = at.reader()
    before = at.everything()
    for purpose in ("view", "confirm", "calendar", "sheet", "preferences", "click"):
        token = at.backmail.links.token(purpose, str(reader))
        assert at.client.post(f"/u/{token}").status_code == 404
    assert at.everything() == before


def test_every_address_of_the_site_is_looked_at_here(at: Counter) -> None:
    routes = {str(getattr(route, "path", "")).replace("{token}", "{}") for route in at.client.app.routes}
    assert {route.replace("{digest}/{name}", "{}/picture.png") for route in routes} <= set(PAGES)
