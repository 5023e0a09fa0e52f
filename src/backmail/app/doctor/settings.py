"""What stands in config.yaml, .env and the environment, and whether the public address leads here."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.app.doctor.said import Grade, Said, faults_of
from backmail.app.reach import public
from backmail.config import Project
from backmail.errors import ConfigError

_ABOUT = "config"
_ADDRESS = "public address"


def settings(project: Project) -> Iterator[Said]:
    """Say how the settings and the secrets stand."""
    if project.found:
        yield Said(_ABOUT, Grade.OK, f"{project.root.resolve() / 'config.yaml'}")
    else:
        yield Said(_ABOUT, Grade.WARNING, "no config.yaml here: the defaults hold", "backmail init my-mails")
    config = project.config
    lacking = [what for what, there in (("email", config.sender), ("address", config.company.address)) if not there]
    if lacking:
        named = " and ".join(f"sender.{what}" for what in lacking)
        yield Said(_ABOUT, Grade.WARNING, f"{named} not set in config.yaml: the law asks for both in every mail")
    yield from _secrets(project)


def _secrets(project: Project) -> Iterator[Said]:
    try:
        project.secrets(sending=True)
        warnings = project.environment().warnings()
    except ConfigError as error:
        yield from faults_of(error, "secrets")
        return
    for warning in warnings:
        yield Said("secrets", Grade.WARNING, warning)
    yield Said("secrets", Grade.OK, "all set")


def public_address(project: Project, nonce: str) -> Iterator[Said]:
    """Ask the public address who answers there.

    Args:
        project: whose.
        nonce: what this installation answers with; "" while its database is not there to say.
    """
    url = project.config.site.public_url
    real = not project.config.transport.rehearsal
    if not url and not real:
        yield Said(_ADDRESS, Grade.OK, "not set, and not needed as long as no reader is reached: links lead nowhere")
        return
    found = public(url, nonce)
    if found.ours:
        yield Said(_ADDRESS, Grade.OK, f"{url} leads here")
    elif found.silent:
        # Nothing answers as long as nothing runs, and `run` asks again before it sends anything.
        yield Said(_ADDRESS, Grade.WARNING, f"{found.words}; while `backmail run` runs it must", "backmail run")
    elif real:
        yield Said(_ADDRESS, Grade.ERROR, f"{found.words}; nothing is sent before that is mended")
    else:
        yield Said(_ADDRESS, Grade.WARNING, f"{found.words}; nothing could be sent to readers")
