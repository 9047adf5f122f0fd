"""`serve` and `demo`: the site, running."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path

import click

from linkeddata.catalogue import Catalogue
from linkeddata.cli import logs
from linkeddata.cli.common import readings, site
from linkeddata.cli.doors import answers
from linkeddata.cli.invocation import Invocation, Stop, begin_log
from linkeddata.config import Settings
from linkeddata.errors import NothingPublished
from linkeddata.publish import publish
from linkeddata.web import create_app, warm_up
from linkeddata.web.current import Current
from linkeddata.web.server import Listening, Server, listen, serve_until
from linkeddata.web.server import serve as serve_here
from linkeddata.web.siblings import Siblings
from linkeddata.web.threads import share_heaps
from linkeddata.web.watching import watched

_LOG = logging.getLogger(__name__)
FAULTS = 1
_PATIENCE = 15
_QUESTION = "query=PREFIX d: <http://purl.org/dc/terms/> SELECT ?title ?year { ?work d:title ?title ; d:issued ?year }"


@click.command()
@click.option("--host", help="Host to listen on (setting server.listen).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--processes", type=click.IntRange(1, 64), help="Processes that answer (setting server.processes).")
@click.option("--open", "show", is_flag=True, help="Open the site in a browser.")
@click.pass_obj
def serve(invocation: Invocation, host: str | None, port: int | None, processes: int | None, show: bool) -> None:
    """Serve what is published until SIGTERM or Ctrl-C; requests in flight are finished."""
    settings = invocation.settings(server__processes=processes)
    _serve(invocation, _listening(settings, host, port), show=show)


def _listening(settings: Settings, host: str | None, port: int | None) -> tuple[Settings, str, int]:
    default_host, default_port = settings.listen
    return settings, host or default_host, default_port if port is None else port


def _serve(invocation: Invocation, listening: tuple[Settings, str, int], *, show: bool = False) -> None:
    settings, host, port = listening
    say = _LOG.info if logs.install(settings, keep_level=invocation.quiet) else _say

    def ready(address: str) -> None:
        say(f"serving at {address}")
        if settings.base_uri != address:
            say(f"(URIs begin with {settings.base_uri}, whatever the address; setting site.base_uri)")
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
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}; try another --port") from taken


@contextmanager
def _server(settings: Settings, at: Listening) -> Iterator[Server]:
    """All that answers in one process."""
    share_heaps()
    app = create_app(settings)
    warm_up(app)
    _check_index(app.extensions["current"])
    threads, proxied = settings.whole("server.threads"), settings.whole("server.behind_proxy") > 0
    try:
        with watched(app, settings) as application:
            yield Server(application, at, threads=threads, proxied=proxied)
    finally:
        app.extensions["current"].close()


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


@click.command()
@click.option("--check", is_flag=True, help="Ask every door, print what it answered, and exit 0 or 1.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.pass_obj
def demo(invocation: Invocation, check: bool, port: int) -> None:
    """Load the bundled sample, serve it, and print where to look. Nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="linkeddata-demo-") as folder:
        flags = {**invocation.flags, "store.path": folder}
        demonstration = Invocation(invocation.config, flags, quiet=invocation.quiet)
        settings = demonstration.settings(
            site__base_uri=f"http://localhost:{port}/", site__title="Landmarks of science, as linked data"
        )
        sample = files("linkeddata") / "sample" / "records.jsonl"
        publish(readings([str(sample)]), Catalogue(Path(folder)), site(settings), processes=1)
        if check:
            _check(settings)
            return
        for line in _tour(settings.base_uri):
            demonstration.say(line)
        _serve(demonstration, (settings, "localhost", port))


def _tour(base: str) -> tuple[str, ...]:
    record = f"{base}id/record/nottingham-40697"
    return (
        f"Open {base} in a browser.",
        f'A record as data:  curl -L -H "Accept: text/turtle" {record}',
        f"A question:  curl -G {base}sparql --data-urlencode '{_QUESTION}'",
    )


def _check(settings: Settings) -> None:
    """Ask a real server of our own at every door; Stop(1) where one answers otherwise than it should."""
    faults = 0
    with _running(settings) as address:
        for line, is_right in answers(address):
            click.echo(line)
            faults += not is_right
    click.echo("every door answers as it should" if not faults else f"{faults} answers are wrong")
    if faults:
        raise Stop(FAULTS)


@contextmanager
def _running(settings: Settings) -> Iterator[str]:
    """A server process on a free port, ended afterwards; gives its address."""
    published = ["--data", str(settings.data), "--base-uri", settings.base_uri]
    command = [sys.executable, "-m", "linkeddata", *published, "serve", "--host", "localhost", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def _address(server: subprocess.Popen[str]) -> str:
    for line in server.stderr or ():
        if line.startswith("serving at "):
            return line.split()[-1]
    raise click.ClickException("the server ended before it was ready")


COMMANDS = (serve, demo)
