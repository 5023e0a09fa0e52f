"""Real mail programs, each on a screen of its own: Thunderbird (light, dark, dark-reader) and Roundcube's webmail."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page

from tests.judges.mails import Mail
from tests.judges.verdict import Absent

_THUNDERBIRD = ("Xvfb", "openbox", "thunderbird", "xdotool", "import")
_ROUNDCUBE = ("dovecot", "php", "sqlite3")
_WAIT = 60.0  # seconds that a program may take to show a mail
_T = TypeVar("_T")
_displays = count(200 + os.getpid() % 300)

_QUIET = {
    "mail.spotlight.firstRunDone": True,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.enabled": False,
    "network.prefetch-next": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "mailnews.start_page.enabled": False,
    "mail.rights.version": 1,
    "mailnews.message_display.disable_remote_image": True,
    "mail.inapp_notifications.enabled": False,
}
_DARK = {
    "ui.systemUsesDarkTheme": 1,
    "layout.css.prefers-color-scheme.content-override": 0,
    "extensions.activeThemeID": "thunderbird-compact-dark@mozilla.org",
    "browser.theme.toolbar-theme": 0,
    "browser.theme.content-theme": 0,
}
LOOKS = {
    "light": {},
    "dark": {**_DARK, "mail.dark-reader.enabled": False},
    "dark-reader": {**_DARK, "mail.dark-reader.enabled": True},
}


def thunderbird(mails: Sequence[Mail], folder: Path) -> Iterator[tuple[str, Path]]:
    """Take a picture of each mail in each look of Thunderbird, and give its title and file.

    Raises:
        Absent: Thunderbird, or what its screen needs, is not on this machine.
    """
    _need(_THUNDERBIRD, "thunderbird xvfb xdotool imagemagick openbox")
    for mail in mails:
        for look, wishes in LOOKS.items():
            picture = folder / f"thunderbird-{look}-{mail.name}.png"
            _thunderbird(mail, wishes, picture)
            yield f"Thunderbird, {look}: {mail.name}", picture


def _need(programs: Sequence[str], packages: str) -> None:
    missing = [each for each in programs if not shutil.which(each)]
    if missing:
        raise Absent(f"no {', '.join(missing)}: apt-get install --no-install-recommends {packages}")


def _thunderbird(mail: Mail, wishes: dict[str, object], picture: Path) -> None:
    """Open a mail in a Thunderbird that has never been used, and take a picture of its window."""
    profile = picture.with_suffix(".profile")
    shutil.rmtree(profile, ignore_errors=True)
    profile.mkdir()
    lines = [f'user_pref("{name}", {_literal(value)});' for name, value in {**_QUIET, **wishes}.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    letter = profile / "mail.eml"
    letter.write_bytes(mail.wire)
    display = f":{next(_displays)}"
    around = {**os.environ, "DISPLAY": display, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
    around["LIBGL_ALWAYS_SOFTWARE"] = "1"
    title = mail.message.part("subject")[:24]
    with ExitStack() as stack:
        stack.enter_context(_running(["Xvfb", display, "-screen", "0", "1100x1500x24"], around))
        _until(lambda: Path(f"/tmp/.X11-unix/X{display[1:]}").exists(), "a screen")  # where X puts it
        stack.enter_context(_running(["openbox"], around))
        stack.enter_context(_running(["thunderbird", "--no-remote", "--profile", str(profile), str(letter)], around))
        window = _until(lambda: _window(title, around), "Thunderbird's window")
        for command in (["windowsize", window, "1080", "1460"], ["windowmove", window, "0", "0"]):
            subprocess.run(["xdotool", *command], env=around, check=False, capture_output=True)
        _until(lambda: _still(picture, around), "a picture that no longer changes")
    shutil.rmtree(profile, ignore_errors=True)


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _window(title: str, around: dict[str, str]) -> str:
    command = ["xdotool", "search", "--onlyvisible", "--name", title]
    return (subprocess.run(command, env=around, check=False, capture_output=True, text=True).stdout.split() or [""])[-1]


def _still(picture: Path, around: dict[str, str]) -> bool:
    """Take the picture, and say whether the one before it was the same, with more on it than a bare window."""
    before = picture.read_bytes() if picture.exists() else b""
    subprocess.run(["import", "-window", "root", "-strip", str(picture)], env=around, check=True, capture_output=True)
    time.sleep(1)
    return picture.read_bytes() == before and len(before) > _BARE


_BARE = 40_000  # bytes of a PNG: a window without a mail in it has less


def roundcube(mails: Sequence[Mail], folder: Path, browser: Browser) -> Iterator[tuple[str, Path]]:
    """Take pictures of each mail in Roundcube, wide and narrow, light and dark, and give their titles and files.

    Raises:
        Absent: Roundcube, PHP or Dovecot is not on this machine.
    """
    packages = (
        "roundcube-core roundcube-sqlite3 php-cli php-sqlite3 php-mbstring php-intl php-xml dovecot-imapd sqlite3"
    )
    _need(_ROUNDCUBE, packages)
    if not _PAGES.is_dir():
        raise Absent(f"no Roundcube: apt-get install --no-install-recommends {packages}")
    place = folder / "roundcube"
    shutil.rmtree(place, ignore_errors=True)
    with _webmail(place, mails) as address:
        for width, dark in ((1280, False), (390, False), (1280, True)):
            context = browser.new_context(
                viewport={"width": width, "height": 1400}, color_scheme="dark" if dark else "light"
            )
            page = context.new_page()
            _log_in(page, address)
            for number, mail in enumerate(mails, 1):
                page.goto(f"{address}/?_task=mail&_mbox=INBOX&_uid={number}&_action=show")
                page.wait_for_load_state("networkidle")
                if dark:
                    page.evaluate("document.documentElement.classList.add('dark-mode')")
                look = f"{width}-{'dark' if dark else 'light'}"
                picture = folder / f"roundcube-{look}-{mail.name}.png"
                page.screenshot(path=picture)
                yield f"Roundcube, {look}: {mail.name}", picture
            context.close()


_PAGES = Path("/var/lib/roundcube")
_DEFAULTS = Path("/etc/roundcube")


def _log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/index.php")
    page.fill("#rcmloginuser", "reader")
    page.fill("#rcmloginpwd", "x")
    page.click("#rcmloginsubmit")
    page.wait_for_load_state("networkidle")


@contextmanager
def _webmail(place: Path, mails: Sequence[Mail]) -> Iterator[str]:
    """Run an IMAP server with the mails in it and a webmail before it, on this machine alone; give its address."""
    box = place / "mail" / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    for number, mail in enumerate(mails, 1):
        (box / "new" / f"{number:04}.mail").write_bytes(mail.wire)
    imap, http = _free_port(), _free_port()
    settings = _settings(place, imap)
    dovecot = place / "dovecot.conf"
    dovecot.write_text(_dovecot(place, imap), encoding="utf-8")
    around = {**os.environ, "ROUNDCUBE_CONFIG_DIR": str(settings)}
    with ExitStack() as stack:
        stack.enter_context(_running(["dovecot", "-F", "-c", str(dovecot)], around))
        stack.enter_context(_running(["php", "-S", f"127.0.0.1:{http}", "-t", str(_PAGES)], around))
        _until(lambda: _answers(imap) and _answers(http), "Roundcube")
        yield f"http://127.0.0.1:{http}"


def _settings(place: Path, imap: int) -> Path:
    """Write Roundcube's settings and its database into a folder."""
    folder = place / "settings"
    folder.mkdir()
    for name in ("defaults.inc.php", "mimetypes.php"):
        found = next(
            (path for path in (_DEFAULTS / name, Path("/usr/share/roundcube/config") / name) if path.exists()), None
        )
        if found:
            shutil.copy(found, folder / name)
    database = place / "roundcube.db"
    tables = Path("/usr/share/roundcube/SQL/sqlite.initial.sql").read_text(encoding="utf-8")
    subprocess.run(["sqlite3", str(database)], input=tables, text=True, check=True, capture_output=True)
    (folder / "config.inc.php").write_text(
        f"""<?php
$config = [];
$config['db_dsnw'] = 'sqlite:///{database}?mode=0646';
$config['imap_host'] = '127.0.0.1:{imap}';
$config['smtp_host'] = '127.0.0.1:9';
$config['des_key'] = 'only-for-pictures-24-chr';
$config['product_name'] = 'Roundcube';
$config['plugins'] = [];
$config['skin'] = 'elastic';
$config['prefer_html'] = true;
$config['show_images'] = 0;
$config['enable_installer'] = false;
$config['log_dir'] = '{place}/'; $config['temp_dir'] = '{place}/';
$config['language'] = 'en_US';
$config['session_lifetime'] = 60; $config['ip_check'] = false;
""",
        encoding="utf-8",
    )
    return folder


def _dovecot(place: Path, port: int) -> str:
    """Return the settings of an IMAP server that lets anybody on this machine in, and knows one mailbox."""
    user, group = _unprivileged(place)
    return f"""base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/dovecot.log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
mail_location = maildir:{place}/mail/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={place}/mail
}}
"""


def _unprivileged(place: Path) -> tuple[str, str]:
    """Give the folder to somebody without rights where we have all of them: Dovecot serves no mail as root."""
    if os.geteuid():
        import getpass
        import grp

        return getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    for path in (place, *place.rglob("*")):
        shutil.chown(path, "dovecot", "dovecot")
    return "dovecot", "dovecot"


@contextmanager
def _running(command: Sequence[str], around: dict[str, str]) -> Iterator[None]:
    """Run a program in a group of its own, and end all of it afterwards."""
    running = subprocess.Popen(
        command, env=around, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(running.pid, sign)
                running.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
            break


def _until(asked: Callable[[], _T], what: str) -> _T:
    """Ask until there is an answer, and return it.

    Raises:
        Absent: there is none in time.
    """
    end = time.monotonic() + _WAIT
    while time.monotonic() < end:
        answer = asked()
        if answer:
            return answer
        time.sleep(0.3)
    raise Absent(f"{what} did not come within {_WAIT:.0f} s")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0
