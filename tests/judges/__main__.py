"""`python -m tests.judges`: what other programs think of our mails, a table for each; exit 1 when one says no."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tests.house.project import ROOT
from tests.judges import browser, clients, documents, inliner, spam
from tests.judges.mails import Mail, mails
from tests.judges.sheet import contact_sheet
from tests.judges.verdict import Absent, Verdict, table

JUDGES = ("inliner", "documents", "axe", "order", "spam", "thunderbird", "roundcube")


def main(given: Sequence[str] | None = None) -> int:
    """Ask every judge there is, tell, and return the exit code."""
    asked = _arguments(given)
    unknown = sorted({*asked.only} - {*JUDGES})
    if unknown:
        print(f"no judge {', '.join(unknown)}; there are {', '.join(JUDGES)}", file=sys.stderr)
        return 2
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backmail-judges-") as folder, inliner.Recorder() as recorder:
        judged = list(mails(Path(folder), asked.article, asked.theme))
    print(f"{len(judged)} mails: {', '.join(dict.fromkeys(mail.series for mail in judged))}", flush=True)
    verdicts: dict[str, Callable[[], Iterable[Verdict]]] = {
        "inliner": lambda: inliner.judge(recorder.pairs, judged),
        "documents": lambda: documents.judge(_folder(asked.documents)),
        "axe": lambda: browser.axe(judged),
        "order": lambda: browser.order(judged),
        "spam": lambda: spam.judge(judged),
    }
    wrong = [name for name, ask in verdicts.items() if name in asked.only and not _told(name, ask)]
    _pictures(_looked_at(judged), asked)
    return 1 if wrong else 0


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.judges", description=__doc__)
    asked.add_argument("--article", type=Path, action="append", default=[], help="one more article; may be repeated")
    asked.add_argument("--theme", action="append", default=[], help="this theme alone; may be repeated")
    asked.add_argument("--only", nargs="+", default=JUDGES, metavar="JUDGE", help=f"of {', '.join(JUDGES)}")
    asked.add_argument("--documents", type=Path, help="a folder of other people's mails: *.html, with .css and .out")
    asked.add_argument("--out", type=Path, default=ROOT / "build" / "judges", help="for pictures (build/judges)")
    return asked.parse_args(given)


def _folder(documents: Path | None) -> Path:
    if documents is None:
        raise Absent("no documents: --documents FOLDER")
    return documents


def _told(name: str, ask: Callable[[], Iterable[Verdict]]) -> bool:
    """Print what a judge says, and return whether all is well; one that is not here is left out, and named."""
    print(f"\n{name}", flush=True)
    try:
        verdicts = list(ask())
    except Absent as absent:
        print(f"  left out: {absent}")
        return True
    print(*table(verdicts), sep="\n", flush=True)
    return all(verdict.good for verdict in verdicts if verdict.decides)


def _looked_at(judged: Sequence[Mail]) -> list[Mail]:
    """Return the mails that pictures are taken of: the two of each series with the most in them."""
    kept: list[Mail] = []
    for series in dict.fromkeys(mail.series for mail in judged):
        kept += sorted((mail for mail in judged if mail.series == series), key=lambda mail: -len(mail.html))[:2]
    return kept


def _pictures(chosen: Sequence[Mail], asked: argparse.Namespace) -> None:
    """Take pictures in the mail programs that were asked for, and put them on one sheet."""
    programs = {"thunderbird", "roundcube"} & {*asked.only}
    if not programs:
        return
    try:
        with browser.chromium() as chromium:
            taken: list[tuple[str, Path]] = []
            if "thunderbird" in programs:
                taken += _taken("thunderbird", lambda: clients.thunderbird(chosen, asked.out))
            if "roundcube" in programs:
                taken += _taken("roundcube", lambda: clients.roundcube(chosen, asked.out, chromium))
            if taken:
                print(f"\n{len(taken)} pictures: {contact_sheet(taken, asked.out, chromium)}")
    except Absent as absent:
        print(f"\npictures left out: {absent}")


def _taken(name: str, take: Callable[[], Iterator[tuple[str, Path]]]) -> list[tuple[str, Path]]:
    """Return the pictures of one program; those that were taken when it could go no further count."""
    taken: list[tuple[str, Path]] = []
    try:
        for each in take():
            taken.append(each)
    except Absent as absent:
        print(f"\n{name} left out: {absent}")
    return taken


if __name__ == "__main__":
    sys.exit(main())
