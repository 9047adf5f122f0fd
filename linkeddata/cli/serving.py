"""`serve`: the site, running."""

from __future__ import annotations

import gc
import logging
import os
import webbrowser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Final

import click

from linkeddata.cli import logs
from linkeddata.cli.invocation import Invocation, begin_log
from linkeddata.config import Settings
from linkeddata.errors import ConfigurationError, NothingPublished
from linkeddata.postponing import postponed
from linkeddata.web import create_app, warm_up
from linkeddata.web.current import Current
from linkeddata.web.server import Listening, Server, listen, serve_until
from linkeddata.web.server import serve as serve_here
from linkeddata.web.siblings import Siblings
from linkeddata.web.threads import share_heaps
from linkeddata.web.watching import watched

_LOG = logging.getLogger(__name__)
#: So many more things are made than let go of before the new ones are looked through: those of some pages.
_SELDOM: Final = 10_000


@click.command()
@click.option("--host", help="Host to listen on (setting server.listen).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--processes", type=click.IntRange(1, 64), help="Processes that answer (setting server.processes).")
@click.option("--open", "show", is_flag=True, help="Open the site in a browser.")
@click.pass_obj
def serve(invocation: Invocation, host: str | None, port: int | None, processes: int | None, show: bool) -> None:
    """Serve what is published until SIGTERM or Ctrl-C; requests in flight are finished."""
    settings = invocation.settings(server__processes=processes)
    default_host, default_port = settings.listen
    serve_at(invocation, settings, host or default_host, default_port if port is None else port, show=show)


def serve_at(
    invocation: Invocation,
    settings: Settings,
    host: str,
    port: int,
    *,
    show: bool = False,
    tour: Iterable[str] = (),
) -> None:
    """Serve until SIGTERM or Ctrl-C; `show` opens a browser, `tour` are lines on where to look."""
    say = _LOG.info if logs.install(settings, keep_level=invocation.quiet) else _say

    def ready(address: str) -> None:
        say(f"serving at {address}")
        if settings.base_uri != address:
            say(f"(URIs begin with {settings.base_uri}, whatever the address; setting site.base_uri)")
        for line in tour:
            invocation.say(line)
        if show:
            webbrowser.open(address)

    at = _listen(host, port)
    further, sibling = settings.whole("server.processes") - 1, partial(_answer, settings, logging.getLogger().level)
    with _server(settings, at) as server, Siblings(sibling, at, further) as siblings:
        serve_here(server, on_ready=ready, on_end=siblings.end)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _listen(host: str, port: int) -> Listening:
    try:
        return listen(host, port)
    except OSError as taken:
        reason = os.strerror(taken.errno) if taken.errno else str(taken)
        raise ConfigurationError(f"cannot listen on {host}:{port}: {reason}; try another --port") from taken


@contextmanager
def _server(settings: Settings, at: Listening) -> Iterator[Server]:
    """All that answers in one process; whatever happens, the socket and the query processes are no more afterwards."""
    threads, proxied = settings.whole("server.threads"), settings.whole("server.behind_proxy") > 0
    with ExitStack() as last:
        last.enter_context(closing(at.socket))
        with postponed():
            share_heaps()
            app = create_app(settings)
            last.callback(app.extensions["current"].close)
            warm_up(app)
            _check_index(app.extensions["current"])
            _keep_what_stands()
        with watched(app, settings) as application:
            yield Server(application, at, threads=threads, proxied=proxied)


def _keep_what_stands() -> None:
    """What is there from the start is not looked through for garbage again, and what a request makes more seldom: it
    goes by itself when the request ends, and to look through everything else every few pages took a sixth of a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)


def _check_index(current: Current) -> None:
    """A site that cannot be searched any more would be noticed by its readers first."""
    with suppress(NothingPublished):
        current.edition().check_index()


def _answer(settings: Settings, level: int, at: Listening, until: Connection) -> None:
    """What a further process does; it logs what the first does, from this `level` on."""
    begin_log(level)
    logs.install(settings, keep_level=True)
    with _server(settings, at) as server:
        serve_until(server, until)


COMMANDS = (serve,)
