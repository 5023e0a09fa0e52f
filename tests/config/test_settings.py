"""config.yaml: what it may say, what is said of its faults, and that no secret stands in it."""

from dataclasses import asdict
from pathlib import Path

import pytest

from backmail import transports
from backmail.config import Config, EngineTimes, Site, TimeOuts, TransportChoice, example, read_config
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
transport:
  kind: smtp
  folder: sent
  host: smtp.example.org
  port: 2525
  security: tls
  username: anna@example.org
  hello: mail.example.org
  connections: 2
  mails: 50
  time_outs: {connect: 1s, answer: 2.5s, data: 1m, final: 0.5h, whole: 1h}
test_recipients: [me@Example.org, me@example.org, you@example.org]
database: postgresql://anna@db.example.org/mails
engine: {lease: 2s, sweep: 0.5s, durable: true}
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
        transport=TransportChoice(
            "smtp", "sent", "smtp.example.org", 2525, "tls", "anna@example.org", "mail.example.org", 2, 50,
            TimeOuts(1, 2.5, 60, 1800, 3600),
        ),
        test_recipients=("me@example.org", "you@example.org"),
        database="postgresql://anna@db.example.org/mails",
        engine=EngineTimes(2, 0.5, durable=True),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "brand:\n  # all of it left out\n", "sender: {name: }\n"])
def test_what_is_left_out_has_its_default(tmp_path: Path, text: str) -> None:
    assert settings(tmp_path, text) == Config()


def test_an_address_may_be_a_list_of_lines(tmp_path: Path) -> None:
    assert settings(tmp_path, "sender: {address: [1 Main Street, 1234]}").company.address == ("1 Main Street", "1234")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = """\
site: {public_url: ftp://example.org}
brand: {acent: "#000000", radius: 90, accent: red, fonts: "a; color:red"}
sender: {email: me, name: "a\\nb", address: 5}
zone: Kobenhavn
"""
    said = refused(tmp_path, text)
    assert [line for line in said.split("\n") if line.startswith(("config", "9"))] == [
        "config.yaml:1:20: 'ftp://example.org' is not a secure web address",
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
        "database: postgresql://:hunter2@db.example.org/x", "database: postgresql://me:a@b@db.example.org/x",
        "database: postgresql:///x?user=me&password=hunter2", "transport: {username: AKIAIOSFODNN7EXAMPLE}",
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


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("database: postgresql://me:hunter2@db.example.org/x", "BACKMAIL_DATABASE"),
        ("transport: {password: hunter2}", "BACKMAIL_SMTP_PASSWORD"),
        ("transport: {username: AKIAIOSFODNN7EXAMPLE}", "BACKMAIL_SMTP_USERNAME"),
    ],
)
def test_a_secret_is_told_where_it_belongs(tmp_path: Path, line: str, name: str) -> None:
    assert f"put it into .env beside this file as {name}=..., or into the environment" in refused(tmp_path, line)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_port_is_known_by_the_security(tmp_path: Path, security: str, port: int) -> None:
    assert settings(tmp_path, f"transport: {{security: {security}}}").transport.port == port
    assert settings(tmp_path, f"transport: {{security: {security}, port: 26}}").transport.port == 26


def test_time_outs_are_those_of_the_transport() -> None:
    assert asdict(TimeOuts()) == asdict(transports.TimeOuts())


@pytest.mark.parametrize(
    ("words", "rehearsal"),
    [
        ("kind: folder, host: smtp.example.org", True),
        ("kind: smtp, host: localhost", True),
        ("kind: smtp, host: LOCALHOST.", True),
        ("kind: smtp, host: 127.0.0.1", True),
        ("kind: smtp, host: 127.1.2.3", True),
        ("kind: smtp, host: '::1'", True),
        ("kind: smtp, host: smtp.example.org", False),
        ("kind: smtp, host: localhost.example.org", False),
        ("kind: smtp, host: 10.0.0.1", False),
        ("kind: smtp, host: '2001:db8::1'", False),
    ],
)
def test_a_rehearsal_reaches_nobody(tmp_path: Path, words: str, rehearsal: bool) -> None:
    assert settings(tmp_path, f"transport: {{{words}}}").transport.rehearsal is rehearsal


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("transport: {kind: smtp}", "1:12", "kind smtp needs a host"),
        ("transport: {kind: pigeon}", "1:19", "'kind' takes folder or smtp, not 'pigeon'"),
        ("transport: {kind: memory}", "1:19", "'kind' takes folder or smtp, not 'memory'"),
        ("transport: {folder: ''}", "1:21", "this takes the name of a folder"),
        ("transport: {host: smtp.example.org:587}", "1:19", "without a port"),
        ("transport: {host: 'smtp://example.org'}", "1:19", "is not the name of a host"),
        ("transport: {host: -x}", "1:19", "is not the name of a host"),
        ("transport: {port: 0}", "1:19", "'port' takes 1 or more, not 0"),
        ("transport: {security: ssl}", "1:23", "'security' takes starttls, tls or none, not 'ssl'"),
        ("transport: {username: anna, security: none}", "1:12", "a password goes over TLS only"),
        ("transport: {host: localhost, username: anna, security: none}", "1:12", "a password goes over TLS only"),
        ("transport: {hello: a b}", "1:20", "is not the name of a host"),
        ("transport: {connections: 0}", "1:26", "'connections' takes 1 or more, not 0"),
        ("transport: {mails: 0}", "1:20", "'mails' takes 1 or more, not 0"),
        ("transport: {time_outs: {final: 10}}", "1:32", "'10' is not a time to wait"),
        ("transport: {time_outs: {final: 0.5s}}", "1:32", "this is at least 1s, not 0.5s"),
        ("transport: {time_outs: {finale: 1s}}", "1:25", "did you mean 'final'?"),
        ("test_recipients: [anna]", "1:19", "'anna' is not an email address"),
        ("test_recipients: anna@example.org", "1:18", "'test_recipients' takes a list"),
        ("database: backmail.db", "1:11", "this is not the address of a database"),
        ("database: mysql://db/x", "1:11", "write sqlite:///path or postgresql://host/name"),
        ("engine: {lease: 1.9s}", "1:17", "this is at least 2s, not 1.9s"),
        ("engine: {sweep: 0.4s}", "1:17", "this is at least 0.5s, not 0.4s"),
        ("engine: {lease: 5s}", "1:9", "sweep must be shorter than lease"),
        ("engine: {lease: 20}", "1:17", "write 20s, 0.5s, 3m or 1h"),
    ],
)
def test_how_mails_leave_is_judged_in_the_file(tmp_path: Path, line: str, place: str, said: str) -> None:
    found = refused(tmp_path, line)
    assert found.startswith(f"config.yaml:{place}: ")
    assert said in found
    assert "problems" not in found


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
    assert len(settings_told) == 43
    for number in settings_told:
        assert lines[number - 1].lstrip().startswith("# ")
        assert lines[number - 1].endswith(".")
