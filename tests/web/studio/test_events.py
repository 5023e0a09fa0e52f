"""Events: every open page hears what happened, once; a slow one costs nothing; all streams end with the studio."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message, Scope

from backmail.web.studio.events import Events, Stream

PATIENCE = 10


def data(text: str) -> tuple[str, dict[str, object]]:
    """Return the name and the data of an event."""
    fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    return fields["event"], json.loads(fields["data"])


async def following(lines: AsyncIterator[str]) -> str:
    """Return what comes next."""
    return await asyncio.wait_for(anext(lines), PATIENCE)


def test_a_page_hears_first_how_things_stand_and_then_what_changes() -> None:
    async def told() -> list[str]:
        events = Events()
        events.stand({"a": 1, "b": 1})
        with events.listening() as listener:
            lines = listener.lines()
            heard = [await following(lines)]
            events.stand({"a": 2})
            return [*heard, await following(lines), await following(lines)]

    first, *changes = asyncio.run(told())
    retry, _, now = first.partition("\n\n")
    assert retry.startswith("retry: ")
    assert data(now)[1]["campaigns"] == {"a": 1, "b": 1}
    assert [data(text) for text in changes] == [
        ("changed", {"campaign": "a", "version": 2}),
        ("changed", {"campaign": "b", "version": 0}),
    ]


def test_two_pages_hear_the_same_and_a_closed_one_is_forgotten() -> None:
    async def told() -> list[str]:
        events = Events()
        with events.listening() as one:
            with events.listening() as other:
                streams = [one.lines(), other.lines()]
                for stream in streams:
                    await following(stream)
                events.tell("checked", "a", 3)
                heard = [await following(stream) for stream in streams]
            events.tell("changed", "a", 4)
            assert await following(streams[0])
            events.close()
            assert [text async for text in streams[1]] == []
        return heard

    first, second = asyncio.run(told())
    assert first == second
    assert data(first) == ("checked", {"campaign": "a", "version": 3})


def test_a_slow_page_hears_the_newest_of_each_kind_alone() -> None:
    async def told() -> list[str]:
        events = Events()
        with events.listening() as listener:
            lines = listener.lines()
            await following(lines)
            for version in range(1, 1000):
                events.tell("changed", "a", version)
            events.tell("checked", "a", 5)
            heard = [await following(lines), await following(lines)]
            events.close()
            return heard + [text async for text in lines]

    heard = [data(text) for text in asyncio.run(told())]
    assert heard == [("changed", {"campaign": "a", "version": 999}), ("checked", {"campaign": "a", "version": 5})]


def test_where_nothing_happens_a_comment_shows_that_the_connection_stands() -> None:
    async def told() -> str:
        events = Events(heartbeat=0)
        with events.listening() as listener:
            lines = listener.lines()
            await following(lines)
            return await following(lines)

    assert asyncio.run(told()).startswith(":")


def test_an_event_of_another_thread_wakes_the_loop() -> None:
    async def told() -> str:
        events = Events()
        with events.listening() as listener:
            lines = listener.lines()
            await following(lines)
            waiting = asyncio.ensure_future(following(lines))
            await asyncio.to_thread(events.tell, "changed", "a", 7)
            return await waiting

    assert data(asyncio.run(told()))[1]["version"] == 7


@pytest.mark.parametrize("closed_first", [True, False])
def test_streams_end_when_the_studio_does(closed_first: bool) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("more_body"):
            begun.set()

    async def receive() -> Message:
        await asyncio.Event().wait()  # the page stays open
        raise AssertionError

    async def served(events: Events) -> None:
        scope: Scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}}
        await asyncio.wait_for(Stream(events)(scope, receive, send), PATIENCE)

    def end(events: Events) -> None:
        begun.wait(PATIENCE)
        events.close()

    events, begun = Events(), threading.Event()
    if closed_first:
        events.close()
        asyncio.run(served(events))
    else:
        closing = threading.Thread(target=end, args=(events,))
        closing.start()
        asyncio.run(served(events))
        closing.join()
    assert sent[0]["status"] == 200
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


def test_who_asks_for_the_head_alone_does_not_wait() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    scope: Scope = {"type": "http", "method": "HEAD", "asgi": {"spec_version": "2.3"}}
    asyncio.run(Stream(Events())(scope, receive, send))
    assert (b"content-type", b"text/event-stream; charset=utf-8") in sent[0]["headers"]
    assert sent[-1].get("more_body", False) is False


def test_a_page_whose_loop_is_gone_holds_nobody_up() -> None:
    events = Events()

    page = events.listening()

    async def left() -> None:
        page.__enter__()  # never left, as in a loop that was torn down

    asyncio.run(left())
    events.tell("changed", "a", 1)
    events.close()
