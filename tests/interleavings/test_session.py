"""A session stands still where it is told to, ends where it is left, and tells what went wrong in it."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.interleavings.session import Session


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session()
    yield made
    made.close()


def test_it_takes_one_step_at_a_time(session: Session) -> None:
    done: list[int] = []

    async def count() -> None:
        for number in range(3):
            done.append(number)
            session.stop()

    session.begin(count)
    assert done == []
    for taken in range(1, 4):
        session.step()
        assert done == list(range(taken))
        assert not session.over
    session.step()
    assert session.over
    session.step()
    assert done == [0, 1, 2]


def test_what_is_left_goes_no_further(session: Session) -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(0)
            session.stop()
            done.append("on")
        except Exception:
            done.append("caught")

    session.begin(work)
    session.step()
    session.leave()
    assert session.over
    assert done == []


def test_it_begins_anew_after_what_was_left(session: Session) -> None:
    done: list[str] = []

    async def stand() -> None:
        session.stop()
        done.append("on")

    async def work() -> None:
        done.append("another")

    session.begin(stand)
    session.step()
    session.begin(work)
    session.step()
    assert done == ["another"]


def test_an_error_comes_out_of_the_step_that_made_it(session: Session) -> None:
    async def fail() -> None:
        session.stop()
        raise KeyboardInterrupt("now")

    session.begin(fail)
    session.step()
    with pytest.raises(KeyboardInterrupt, match="now"):
        session.step()
    assert session.over
