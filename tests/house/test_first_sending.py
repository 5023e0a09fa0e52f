"""The tutorial docs/tutorial/first-sending.md goes as it is told, from an empty folder to a mail at a relay."""

import datetime as dt
import re
from pathlib import Path

from tests.cli.relay import Relay
from tests.house.pages import put_into, walk
from tests.house.project import ROOT, run

PAGE = ROOT / "docs" / "tutorial" / "first-sending.md"


def test_the_first_sending_goes_as_it_is_told(tmp_path: Path) -> None:
    # Where its readers live it is noon: no midnight falls between two of its commands.
    zone = f"Etc/GMT{dt.datetime.now(dt.UTC).hour - 12:+d}"  # POSIX counts west
    told: list[str] = []
    folder = tmp_path
    with Relay() as relay:
        relay.answer.set()
        page = re.sub(r"Europe/Copenhagen|Asia/Tokyo", zone, PAGE.read_text(encoding="utf-8"))
        for file, text in walk(page.replace("1025", str(relay.port))):
            if file:
                put_into(folder / file, text)
                continue
            done = run(folder, "bash", "-euo", "pipefail", "-c", f"{text}\npwd", source=ROOT / "src")
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
            folder = Path(done.stdout.splitlines()[-1])
            told.append(f"{done.stdout}{done.stderr}")
            if "run --once" in text:
                told.append(f"outbox: {len(list((folder / 'outbox').glob('*.eml')))}")
    everything = "\n".join(told)
    assert re.findall(r"^outbox: \d|^not sending: [\w-]+|^nothing waits for you", everything, re.MULTILINE) == [
        "outbox: 3",
        "nothing waits for you",
        "not sending: freer-shoulders",
        "outbox: 3",
        "outbox: 3",
    ]
    assert [who.lower() for who in relay.recipients] == [f"rcpt to:<{who}@example.org>" for who in ("hello", "dora")]
    assert [path.name for path in (folder / ".backmail").iterdir()] == ["schema"]
