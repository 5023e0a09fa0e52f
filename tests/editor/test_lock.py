"""What the tests take from npm: pinned by hash, from no address, under licences that leave people free."""

from __future__ import annotations

import json
import re
from pathlib import Path

LOCK = Path(__file__).with_name("package-lock.json")
FREE = {"MIT", "ISC", "BSD-3-Clause", "0BSD", "Apache-2.0"}


def test_every_package_is_pinned_by_hash_and_free() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    own = packages.pop("")
    assert len(packages) > 10
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert package["license"] in FREE, name
        assert "resolved" not in package, name
    asked = json.loads(LOCK.with_name("package.json").read_text(encoding="utf-8"))
    assert own["devDependencies"] == asked["devDependencies"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in asked["devDependencies"].values())
