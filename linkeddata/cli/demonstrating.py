"""`demo`: the bundled sample, loaded and served, or asked at every door."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import click

from linkeddata.catalogue import Catalogue
from linkeddata.cli.common import readings, site
from linkeddata.cli.doors import answers
from linkeddata.cli.invocation import Invocation, Stop
from linkeddata.cli.serving import serve_at
from linkeddata.config import Settings
from linkeddata.publish import publish

FAULTS = 1
_PATIENCE = 15
_QUESTION = "query=PREFIX d: <http://purl.org/dc/terms/> SELECT ?title ?year { ?work d:title ?title ; d:issued ?year }"


@click.command()
@click.option("--check", is_flag=True, help="Ask every door, print what it answered, and exit 0 or 1.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port to listen on.")
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
        serve_at(demonstration, settings, "localhost", port, tour=_tour(settings.base_uri))


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
            try:
                server.wait(_PATIENCE)
            finally:
                server.kill()


def _address(server: subprocess.Popen[str]) -> str:
    for line in server.stderr or ():
        if line.startswith("serving at "):
            return line.split()[-1]
    raise click.ClickException("the server ended before it was ready")


COMMANDS = (demo,)
