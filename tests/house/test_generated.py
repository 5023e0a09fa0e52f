"""The files that are made from the source are what the source makes of them now."""

import sys
from pathlib import Path

from tests.house.project import ROOT, copied, run


def test_the_generated_files_are_up_to_date() -> None:
    done = run(ROOT, sys.executable, "scripts/generate", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_file_would_be_seen(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    (copy / "docs/reference/commands.md").write_text("# Commands\n", encoding="utf-8")
    (copy / "docs/reference/files.md").unlink()
    done = run(copy, sys.executable, "scripts/generate", "--check")
    assert done.returncode == 1
    assert "commands.md" in done.stderr
    assert "files.md" in done.stderr
