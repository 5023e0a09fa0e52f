"""config.yaml: what it may say, what is said of its faults, and that no secret stands in it."""

from pathlib import Path

import pytest

from backmail.config import Config, Site, example, read_config
from backmail.config.schema import ConfigFile
from backmail.errors import ConfigError
from backmail.model.campaign import Brand, Company, Sender
from backmail.yamlfile import bind, parse

FULL = """\
site: {public_url: https://news.example.org/}
brand: {name: Acme, logo: https://example.org/l.png, logo_width: 200, accent: "#AA3300", fonts: serif, radius: 0}
sender:
  name: Acme
  email: news@Example.org
  reply_to: hi@example.org
  address: |
    1 Main Street
    1234 Town
  phone: 12345678
  company_no: 00112233
zone: Europe/Copenhagen
x-note: anything
"""


def settings(folder: Path, text: str) -> Config:
    """Return the settings of a config.yaml of that text."""
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return read_config(folder / "config.yaml")


def refused(folder: Path, text: str) -> str:
    """Return what is said of a config.yaml, its folder left out."""
    with pytest.raises(ConfigError) as caught:
        settings(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def test_every_setting_finds_its_place(tmp_path: Path) -> None:
    assert settings(tmp_path, FULL) == Config(
        site=Site("https://news.example.org"),
        brand=Brand("Acme", "https://example.org/l.png", 200, "#aa3300", "serif", 0),
        company=Company("Acme", ("1 Main Street", "1234 Town"), "news@example.org", "12345678", "00112233"),
        sender=Sender("Acme", "news@example.org", "hi@example.org"),
        zone="Europe/Copenhagen",
    )


@pytest.mark.parametrize("text", ["", "brand:\n  # all of it left out\n", "sender: {name: }\n"])
def test_what_is_left_out_has_its_default(tmp_path: Path, text: str) -> None:
    assert settings(tmp_path, text) == Config()


def test_an_address_may_be_a_list_of_lines(tmp_path: Path) -> None:
    assert settings(tmp_path, "sender: {address: [1 Main Street, 1234]}").company.address == ("1 Main Street", "1234")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = """\
site: {public_url: http://example.org}
brand: {acent: "#000000", radius: 90, accent: red, fonts: "a; color:red"}
sender: {email: me, name: "a\\nb", address: 5}
zone: Kobenhavn
"""
    said = refused(tmp_path, text)
    assert [line for line in said.split("\n") if line.startswith(("config", "9"))] == [
        "config.yaml:1:20: 'http://example.org' is not a secure web address",
        "config.yaml:2:9: 'acent' is not a setting here",
        "config.yaml:2:35: 'radius' takes 40 or less, not 90",
        "config.yaml:2:47: 'red' is not a colour",
        "config.yaml:2:59: a list of fonts may not hold ';'",
        "config.yaml:3:17: 'me' is not an email address",
        "config.yaml:3:27: this must be one line without control characters, and it holds U+000A",
        "config.yaml:3:44: 'address' takes a list, not 5",
        "config.yaml:4:7: unknown time zone 'Kobenhavn'",
        "9 problems",
    ]
    assert "did you mean 'accent'?" in said


@pytest.mark.parametrize(
    "line",
    [
        "api_key: abc", "x-sendgrid: {password: abc}", "transport: {token: abc}", "database_dsn: abc",
        "secret: 12345", "pwd: [abc]",
        "x-a: SG.aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb",
        "x-a: AKIAIOSFODNN7EXAMPLE", "x-a: sk-live_abcdefghijklmnop",
        "x-a: ['-----BEGIN RSA PRIVATE KEY-----']", "x-a: postgresql://me:hunter2@db.example.org/x",
        "x-a: 0123456789abcdef0123456789abcdef", "zone: Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNA==",
    ],
)  # fmt: skip
def test_a_secret_is_refused_and_not_shown(tmp_path: Path, line: str) -> None:
    said = refused(tmp_path, f"brand: {{name: Acme}}\n{line}\n")
    assert said.startswith("config.yaml:2:")
    assert "this looks like a secret, and secrets do not belong in a settings file" in said
    assert "put it into .env beside this file" in said
    assert line.partition(": ")[2].strip("[]{}'") not in said
    assert "problems" not in said


def test_beside_a_secret_the_other_faults_are_told(tmp_path: Path) -> None:
    said = refused(tmp_path, "api_key: abc\nzone: Nowhere\n")
    assert "config.yaml:1:1: this looks like a secret" in said
    assert "config.yaml:2:7: unknown time zone" in said
    assert said.endswith("2 problems")


def test_an_empty_setting_is_no_secret(tmp_path: Path) -> None:
    assert "'api_key' is not a setting here" in refused(tmp_path, "api_key:\nbrnd: x")


def test_a_file_that_is_no_yaml_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: [").startswith("config.yaml:1:5: a value is missing here")
    (tmp_path / "config.yaml").unlink()
    with pytest.raises(ConfigError, match="there is no such file"):
        read_config(tmp_path / "config.yaml")


def test_the_example_changes_nothing_and_explains_everything() -> None:
    text = example()
    assert bind(parse(text, "config.example.yaml"), ConfigFile) == ConfigFile.model_validate({})
    lines = [line for line in text.split("\n") if line]
    settings_told = [number for number, line in enumerate(lines) if not line.lstrip().startswith("#")]
    assert len(settings_told) == 17
    for number in settings_told:
        assert lines[number - 1].lstrip().startswith("# ")
        assert lines[number - 1].endswith(".")
