"""The templates and the sample campaign travel with the package, and are found wherever it lies."""

import sys
import zipfile
from pathlib import Path

import pytest

from backmail.shipped import shipped
from tests.house.project import ROOT, copied, files, run

SHIPPED = ["campaigns", "templates"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and with the wheel made from that archive, as release tools do."""
    folder = tmp_path_factory.mktemp("built")
    copy = copied(folder)
    made = run(copy, sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder))
    assert made.returncode == 0, made.stderr
    assert run(folder, "tar", "-xzf", next(folder.glob("*.tar.gz")).name).returncode == 0
    source = next(folder.glob("backmail-*/"))
    made = run(source, sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def unpacked(built: Path) -> Path:
    """The wheel, unpacked as an installer would."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(built / "site")
    return built / "site"


def within(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_wheel_holds_every_shipped_file(name: str, unpacked: Path) -> None:
    assert within(ROOT / name)
    assert within(unpacked / "backmail" / "_shipped" / name) == within(ROOT / name)


def test_the_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    there = within(unpacked / "backmail")
    assert {name: body for name, body in there.items() if not name.startswith("_shipped/")} == within(
        ROOT / "src" / "backmail"
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_an_installed_package_finds_what_it_ships(name: str, unpacked: Path, tmp_path: Path) -> None:
    ask = f"from backmail.shipped import shipped; print(shipped({name!r}))"
    done = run(tmp_path, sys.executable, "-c", ask, source=unpacked)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == (unpacked / "backmail" / "_shipped" / name).resolve()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_checkout_finds_what_lies_beside_it(name: str, tmp_path: Path) -> None:
    ask = f"from backmail.shipped import shipped; print(shipped({name!r}))"
    done = run(tmp_path, sys.executable, "-c", ask, source=ROOT / "src")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == ROOT / name


def test_a_damaged_installation_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"'cellar' is missing .* install backmail again"):
        shipped("cellar")
