"""The environment, read once into typed values.

Everything that can be set is here: `AKKOORD_*` and `PORT`. A value that cannot be right is refused
with its name and what it should be; a command then ends with status 2.
"""

import functools
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from akkoord.config import embedded

IMAP_SCHEMES = ("imaps", "imap+starttls", "imap")
POP_SCHEMES = ("pop3s", "pop3+starttls", "pop3")
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")
DATABASE_SCHEMES = ("postgres", "postgresql")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SERVED_AT = "served-at"  # in the data folder
DEFAULT_PORT = 8000
_APART = re.compile(r"[\s,]+(?=[a-z+]+://)")
_WEIGHT = re.compile(r"weight=(?:[1-9][0-9]?|100)")
# For our own connections, on any server: its pages are in memory or on an SSD, and a million
# people never need a plan that is compiled. `?options=` in the database's address says otherwise.
_PLANNER = {"options": "-c random_page_cost=1.1 -c jit=off"}


class BadEnvironment(Exception):
    """A value in the environment is unusable; the message names it and says what is right."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says, checked."""

    data_dir: Path
    database_url: str = field(repr=False)  # may hold a password; empty: the embedded database
    smtp_url: str = field(repr=False)  # may hold a password; empty: the built-in mailbox
    imap_url: str = field(repr=False)  # holds a password; empty: no mailbox is read
    pop_url: str = field(repr=False)  # the same, by POP3
    base_url: str
    port: int
    allowed_hosts: list[str]
    dkim_key: Path | None
    dkim_selector: str
    pool_size: int  # connections that a web process keeps; 0: one per thread, closed after use
    check_dns: bool  # forms ask the DNS whether a typed domain exists
    journal_copy: Path | None  # where the journal of nos is kept a second time
    push_loopback: bool  # tests only: a push service on this machine counts as one

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return not self.database_url

    @property
    def keys_dir(self) -> Path:
        """The folder with the keys, 0700."""
        return self.data_dir / "keys"

    @property
    def uploads_waiting_dir(self) -> Path:
        """Where a big upload waits while it comes in, 0700."""
        return self.data_dir / "incoming"

    @property
    def secret_key(self) -> str:
        """The key of sessions; made in the data folder at its first use, 0600."""
        return _secret(self.keys_dir / "session")

    @property
    def database(self) -> dict[str, Any]:
        """Django's connection settings. Starts no server: `embedded.ensure_running` does."""
        if self.embedded:
            settings: dict[str, Any] = dict(embedded.connection_settings(self.data_dir))
        else:
            settings = dict(dj_database_url.parse(self.database_url))
        options = {"application_name": "akkoord", **_PLANNER, **settings.get("OPTIONS", {})}
        if self.pool_size:
            options["pool"] = {"min_size": 1, "max_size": self.pool_size, "timeout": 10}
        settings.update(OPTIONS=options, CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False)
        return settings

    @property
    def is_public_https(self) -> bool:
        """Whether links in mails begin with a public https address."""
        parts = urlsplit(self.base_url)
        return parts.scheme == "https" and (parts.hostname or "") not in LOOPBACK


def read_environment(source: Mapping[str, str]) -> Environment:
    """Check and type the environment. Raises BadEnvironment at the first value that is unusable."""
    port = _port(source)
    data_dir = Path(source.get("AKKOORD_DATA") or "data").expanduser().absolute()
    noted = "" if source.get("PORT") else noted_base_url(data_dir)
    base_url = _base_url(source.get("AKKOORD_BASE_URL") or noted or f"http://127.0.0.1:{port}")
    return Environment(
        data_dir=data_dir,
        database_url=_url(source, "AKKOORD_DATABASE_URL", DATABASE_SCHEMES, path=True),
        smtp_url=_mail_servers(source),
        imap_url=_mailbox(source, "AKKOORD_IMAP_URL", IMAP_SCHEMES),
        pop_url=_mailbox(source, "AKKOORD_POP_URL", POP_SCHEMES),
        base_url=base_url,
        port=port,
        allowed_hosts=_hosts(source.get("AKKOORD_ALLOWED_HOSTS", ""), base_url),
        dkim_key=_file(source, "AKKOORD_DKIM_KEY"),
        dkim_selector=source.get("AKKOORD_DKIM_SELECTOR") or "akkoord",
        pool_size=_number(source, "AKKOORD_POOL_SIZE", 0, low=0, high=100),
        check_dns=bool(_number(source, "AKKOORD_CHECK_DNS", 0, low=0, high=1)),
        journal_copy=_folder(source, "AKKOORD_JOURNAL_COPY"),
        push_loopback=bool(_number(source, "AKKOORD_PUSH_LOOPBACK", 0, low=0, high=1)),
    )


def note_base_url(environment: Environment) -> None:
    """Note where the web app is served, so that a command beside it makes links that work."""
    path = environment.data_dir / _SERVED_AT
    path.write_text(environment.base_url + "\n")
    path.chmod(0o600)


def noted_base_url(data_dir: Path) -> str:
    """Where the web app of this data folder is served, or was last; empty when never."""
    try:
        return _base_url((data_dir / _SERVED_AT).read_text(encoding="ascii").strip())
    except (OSError, ValueError, BadEnvironment):
        return ""


@functools.cache
def environment() -> Environment:
    """The environment of this process; the data folder is made when it does not exist."""
    read = read_environment(os.environ)
    try:
        read.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (read.keys_dir, read.uploads_waiting_dir, read.data_dir / "uploads"):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise BadEnvironment(
            f"AKKOORD_DATA: the folder {read.data_dir} cannot be made ({problem.strerror})."
        ) from problem
    return read


def _secret(path: Path) -> str:
    """A secret in a file, made once, whoever comes first."""
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mode 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text().strip()


def _number(source: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between two bounds."""
    text = source.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise BadEnvironment(f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def _port(source: Mapping[str, str]) -> int:
    """The port that `serve` listens on."""
    return _number(source, "PORT", DEFAULT_PORT, low=1, high=65535)


def _url(
    source: Mapping[str, str],
    name: str,
    schemes: tuple[str, ...],
    *,
    path: bool = False,
) -> str:
    """An address with one of these schemes; never repeated in the message, it may hold a secret."""
    text = (source.get(name) or "").strip()
    if not text:
        return ""
    expected = f"{name} must look like {schemes[0]}://user:password@host:port"
    expected += "/name." if path else "."
    try:
        parts = urlsplit(text)
        reachable = bool(parts.hostname or parts.query)
        _ = parts.port
    except ValueError:
        raise BadEnvironment(expected) from None
    if parts.scheme not in schemes or not reachable or (path and len(parts.path) < 2):
        raise BadEnvironment(expected)
    return text


def _mail_servers(source: Mapping[str, str]) -> str:
    """One mail server or several, parted by spaces or commas, each with a weight if it likes."""
    found = _APART.split((source.get("AKKOORD_SMTP_URL") or "").strip(" ,\t\r\n"))
    for text in found:
        _url({"AKKOORD_SMTP_URL": text}, "AKKOORD_SMTP_URL", SMTP_SCHEMES)
        query = urlsplit(text).query
        if query and not _WEIGHT.fullmatch(query):
            raise BadEnvironment("AKKOORD_SMTP_URL: a weight is a number from 1 to 100: ?weight=2.")
    return " ".join(found)


def _mailbox(source: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """The mailbox to which people answer; a password goes over the line only when it is sealed."""
    text = _url(source, name, schemes)
    parts = urlsplit(text)
    sealed, half, plain = schemes
    if text and not parts.username:
        raise BadEnvironment(f"{name} must look like {sealed}://user:password@host/INBOX.")
    if parts.scheme == plain and parts.hostname not in LOOPBACK:
        raise BadEnvironment(
            f"{name} would send a password in the open. Use {sealed}:// or {half}://."
        )
    return text


def _base_url(text: str) -> str:
    """What links in mails begin with: scheme and host, without a path."""
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise BadEnvironment(
            "AKKOORD_BASE_URL must look like https://mail.example.nl, without a path after it."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(text: str, base_url: str) -> list[str]:
    """The host names that we answer to: our own, this machine, and what is set besides."""
    own = urlsplit(base_url).hostname or ""
    listed = [each.strip() for each in text.split(",") if each.strip()]
    if "*" in listed:
        raise BadEnvironment("AKKOORD_ALLOWED_HOSTS must name the hosts; * is not accepted.")
    return list(dict.fromkeys([own, "127.0.0.1", "localhost", "[::1]", *listed]))


def _folder(source: Mapping[str, str], name: str) -> Path | None:
    """A folder that exists and that we may write to."""
    if not source.get(name):
        return None
    path = Path(source[name]).expanduser().absolute()
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise BadEnvironment(f"{name}: there is no folder that can be written to at {path}.")
    return path


def _file(source: Mapping[str, str], name: str) -> Path | None:
    """A file that exists and that we may read."""
    if not source.get(name):
        return None
    path = Path(source[name]).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise BadEnvironment(f"{name}: there is no file that can be read at {path}.")
    return path
