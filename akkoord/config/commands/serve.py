"""`akkoord serve`: database, web app and worker in one process tree."""

import contextlib
import os
from typing import cast

import click

from akkoord.cli.main import Needs
from akkoord.cli.output import Refused, say
from akkoord.config import locked, processes, readiness
from akkoord.config.command import make_ready, prepare
from akkoord.config.environment import DEFAULT_PORT


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port (else PORT).")
def command(host: str, port: int | None) -> None:
    """Start the database (when embedded), migrate it, and serve the web app with a worker."""
    # Said always: what an earlier run noted is for commands beside us, not for us.
    os.environ["PORT"] = str(port or os.environ.get("PORT") or DEFAULT_PORT)
    os.environ["AKKOORD_POOL_SIZE"] = str(processes.WEB_THREADS)
    prepare(Needs.DJANGO)
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    from akkoord.config.environment import environment, note_base_url

    env = environment()
    os.environ["AKKOORD_DATA"] = str(env.data_dir)  # children may have another folder
    try:
        processes.check_port(host, env.port)
    except processes.PortTaken as problem:
        raise Refused(str(problem)) from problem
    make_ready()
    note_base_url(env)
    new = not readiness.has_organisation()
    connections.close_all()
    cast("DatabaseWrapper", connections["default"]).close_pool()
    is_locked = bool(os.environ.get(readiness.LOCKED))
    if is_locked:
        say(locked.SENTENCE)
    with contextlib.nullcontext() if is_locked else processes.watched_workers():
        say(f"Akkoord runs at {env.base_url}/ (data in {env.data_dir})")
        if new:
            say(f"Open {first_run_link(env.base_url)} to begin.")
        processes.serve_web(host, env.port)


def first_run_link(base_url: str) -> str:
    """The address of the first-run wizard, with the token that lets its holder begin."""
    from akkoord.datamap.keys import sign_token

    return f"{base_url}/begin/?token={sign_token('begin', b'')}"
