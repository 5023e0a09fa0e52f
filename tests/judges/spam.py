"""SpamAssassin (Apache licence), offline: its rules on form and words, not those that need a network or learning."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence

from tests.judges.mails import Mail
from tests.judges.verdict import Absent, Verdict

# Its own folder is named, because an update that failed leaves an empty one that would be taken instead.
_COMMAND = ("-L", "-t", "-x", "-C", "/usr/share/spamassassin", "--siteconfigpath=/etc/spamassassin")
_SCORE = re.compile(rb"^X-Spam-Status: .*?score=(-?[\d.]+)", re.MULTILINE | re.DOTALL)
_RULES = re.compile(rb"^X-Spam-Status: .*?tests=([\w,\s]+?)\s+autolearn", re.MULTILINE | re.DOTALL)
MOST = 2.0


def judge(mails: Sequence[Mail]) -> Iterator[Verdict]:
    """Score every mail as it is handed to a relay.

    Raises:
        Absent: SpamAssassin is not on this machine.
    """
    program = shutil.which("spamassassin")
    if not program:
        raise Absent("no SpamAssassin: apt-get install --no-install-recommends spamassassin")
    for mail in mails:
        done = subprocess.run([program, *_COMMAND], input=mail.wire, capture_output=True, check=False, timeout=120)
        score = _SCORE.search(done.stdout)
        if done.returncode or not score:
            yield Verdict(mail.series, False, done.stderr.decode(errors="replace").strip()[:200] or "no score")
            continue
        rules = _RULES.search(done.stdout)
        named = b"".join(rules[1].split()).decode() if rules else ""
        points = float(score[1])
        yield Verdict(mail.series, points < MOST, f"{points:.1f} {named}" if points > 0 else "")
