"""Where a process is to die on purpose."""

import pytest

from backmail.config import CrashAt
from backmail.config.crash import read_crash
from backmail.config.dotenv import Value
from backmail.errors import ConfigError, Place

PLACE = Place("the environment")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("17", CrashAt(17)),
        ("before:claim", CrashAt(1, "claim", "before")),
        ("after:hand-over:3", CrashAt(3, "hand-over", "after")),
        ("after:put back", CrashAt(1, "put back", "after")),
        ("stop:after:hand_over:2", CrashAt(2, "hand_over", "after", stop=True)),
        ("stop:5", CrashAt(5, stop=True)),
    ],
)
def test_a_moment_is_read(text: str, meant: CrashAt) -> None:
    assert read_crash(Value(text, PLACE)) == meant


@pytest.mark.parametrize(
    "text", ["0", "-1", "claim", "during:claim", "after:", "after:claim:0", "before:claim:x", "stop:"]
)
def test_what_is_no_moment_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ConfigError, match="names no moment beside a commit") as refused:
        read_crash(Value(text, PLACE))
    assert "after:hand-over:3" in refused.value.faults[0].hint
