"""A language server as an editor has it: started, asked over its standard input and output, and stopped."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = {
    # Nothing from the net: only the schema that a file names in its first line.
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}},
    "http": {},
    "[yaml]": {"editor.tabSize": 2},
}


class Server:
    """One running server, in one folder."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._number = 0
        self._said: dict[str, list[dict[str, Any]]] = {}
        self._ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": _CAPABILITIES})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, name: str, text: str | None = None) -> list[str]:
        """Open a file, with `text` in the place of its own, and return what is wrong: "LINE: message", from line 1.

        A file is opened once, as in an editor that never closes one.
        """
        uri = self._uri(name)
        known = (self._folder / name).read_text(encoding="utf-8") if text is None else text
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": known}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._said:
            self._hear()
        found = self._said[uri]
        return [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in found]

    def completions(self, name: str, line: int, column: int) -> list[str]:
        """Return what may be typed at a place of an opened file, both counted from 1."""
        answer = self._ask("textDocument/completion", self._at(name, line, column))
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return [str(item["label"]) for item in items]

    def hover(self, name: str, line: int, column: int) -> str:
        """Return what is shown under the mouse at a place of an opened file, both counted from 1."""
        answer = self._ask("textDocument/hover", self._at(name, line, column))
        return str(answer["contents"]["value"]) if answer else ""

    def _uri(self, name: str) -> str:
        return (self._folder / name).as_uri()

    def _at(self, name: str, line: int, column: int) -> dict[str, Any]:
        position = {"line": line - 1, "character": column - 1}
        return {"textDocument": {"uri": self._uri(name)}, "position": position}

    def _ask(self, method: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        number = self._number
        self._write({"id": number, "method": method, "params": parameters})
        while True:
            heard = self._hear()
            if heard.get("id") == number and "method" not in heard:
                assert "error" not in heard, heard
                return heard["result"]

    def _tell(self, method: str, parameters: dict[str, Any]) -> None:
        self._write({"method": method, "params": parameters})

    def _write(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """Return the next message; answer what the server asks, note what it says of a file."""
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has stopped"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:
            self._write({"id": message["id"], "result": _answer(message)})
        if message.get("method") == "textDocument/publishDiagnostics":
            self._said[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message


_CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True},
}


def _answer(asked: dict[str, Any]) -> Any:
    """Return what an editor answers a server: its settings; nothing to all else."""
    if asked["method"] != "workspace/configuration":
        return None
    return [SETTINGS.get(each.get("section", ""), {}) for each in asked["params"]["items"]]


@contextmanager
def started(program: Path, folder: Path) -> Iterator[Server]:
    """Run the language server `program` (a script of node) for the files of a folder."""
    command = ["node", str(program), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield Server(process, folder)
        finally:
            process.kill()
