"""`backmail preview` as a marketer meets it: a page at once, on this machine alone, gone with Ctrl-C."""

import http.client
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backmail.cli import perform
from backmail.cli.serving import first_free, listening
from backmail.config import sample_campaigns, start_project

SLUG = sample_campaigns()[0].name
PATIENCE = 60


class Preview:
    """`backmail preview` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()

    def get(self, path: str = "") -> str:
        """Return a page."""
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:  # noqa: S310  # it is ours
            return str(answer.read().decode())

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal, and return the exit code and what was told."""
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, told


@contextmanager
def previewing(folder: Path, *arguments: str) -> Iterator[Preview]:
    """Run it in a folder, and kill it at the end if it still runs."""
    command = [sys.executable, "-m", "backmail", "preview", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Preview(process)
        finally:
            process.kill()


@contextmanager
def events(preview: Preview) -> Iterator[http.client.HTTPResponse]:
    """Listen to what happens, as an open page does."""
    with closing(http.client.HTTPConnection(urlsplit(preview.url).netloc, timeout=PATIENCE)) as connection:
        connection.request("GET", "/studio/events")
        with connection.getresponse() as stream:
            yield stream


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample campaign."""
    folder = tmp_path_factory.mktemp("preview") / "project"
    start_project(folder)
    return folder


def test_it_prints_where_the_page_is_and_ctrl_c_ends_it_though_a_page_listens(project: Path) -> None:
    with previewing(project, "--port", "0") as preview:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/studio", preview.url)
        assert SLUG in preview.get()
        with events(preview) as stream:
            assert stream.readline().startswith(b"retry:")
            code, told = preview.end(signal.SIGINT)
            assert (code, told.splitlines()[-1]) == (130, "interrupted")
            assert b"event: now" in stream.read()  # its stream was ended, not cut off


def test_it_follows_the_files(project: Path, tmp_path: Path) -> None:
    with previewing(tmp_path, "--port", "0") as preview:
        assert "backmail new" in preview.get()
        with events(preview) as stream:
            shutil.copytree(project / "campaigns", tmp_path / "campaigns")
            while b'"version": 1' not in stream.readline():
                pass
        assert SLUG in preview.get(f"/c/{SLUG}")
        code, told = preview.end(signal.SIGTERM)
        assert code == 0
        assert re.search(r"no campaign yet: \S.* new ARTICLE", told)
        assert "Traceback" not in told


def test_a_port_that_was_asked_for_and_is_taken_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    with listening(0) as taken:
        port = taken.getsockname()[1]
        assert perform(["preview", "--port", str(port)]) == 3
    told = capsys.readouterr().err
    assert f"port {port} is taken by another program" in told
    assert re.search(rf"next: \S*backmail preview --port {port + 1}", told)


def test_of_ports_that_are_taken_the_next_is_found() -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        assert first_free(port) != port
    assert first_free(port) == port


def test_where_many_ports_are_taken_any_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object) -> socket.socket:
        raise OSError

    monkeypatch.setattr(socket, "create_server", refused)
    assert first_free(8025) == 0


@pytest.mark.parametrize("free", [8025, 8026])
def test_another_port_than_usual_is_told(
    free: int, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from backmail.cli import serving

    def interrupted(pages: serving.Pages) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(project)
    before = signal.getsignal(signal.SIGTERM)
    with listening(0) as any_free:
        port = any_free.getsockname()[1]
    monkeypatch.setattr("backmail.cli.preview._PORT", port if free == 8025 else port - 1)
    monkeypatch.setattr(serving, "first_free", lambda usual: port)
    monkeypatch.setattr(serving.Pages, "wait", interrupted)
    opened: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    assert perform(["preview", "--open"]) == 130
    signal.signal(signal.SIGTERM, before)
    said = capsys.readouterr()
    assert said.out == f"http://127.0.0.1:{port}/studio\n"
    assert (f"port {port - 1} is taken" in said.err) == (free != 8025)
    assert opened.get(timeout=PATIENCE) == f"http://127.0.0.1:{port}/studio"


def test_a_campaign_that_is_not_there_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert perform(["preview", SLUG[:-1]]) == 3
    assert f"did you mean {SLUG!r}?" in capsys.readouterr().err


def test_an_export_needs_no_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert perform(["preview", "--export", "a b", "--port", "1"]) == 2
    assert re.search(r"next: \S*backmail preview --export 'a b'", capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_an_export_says_what_to_open(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setattr("backmail.web.studio.export.export", lambda drafts, folder: folder / "index.html")
    assert perform(["preview", SLUG, "--export", str(tmp_path / "x")]) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'x' / 'index.html'}\n"
    assert "sample people only" in said.err
