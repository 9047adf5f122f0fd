"""`verify`: whether every door says the same of a thing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import sleep
from typing import Final
from urllib.parse import urlencode, urlsplit

import click
import orjson

from linkeddata.catalogue import Edition
from linkeddata.cli.checking import FAULTS_FOUND
from linkeddata.cli.common import Progress, catalogue, site
from linkeddata.cli.invocation import Invocation, Stop
from linkeddata.config import Settings
from linkeddata.errors import SourceError
from linkeddata.verify import Answer, Client, Report, Target, Verifier, sample, target
from linkeddata.web import create_app

_SENT: Final = {
    "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json",
}  # fmt: skip
#: Addresses with a suffix are the same for everybody; refusals are easier to read like this.
_ACCEPTED: Final = {"Accept": "application/problem+json"}
_PATIENCE: Final = 60
_TRIES: Final = 5
_LONGEST_PAUSE: Final = 60
_BUSY: Final = frozenset({429, 503})
_SEEDS: Final = 1_000_000


class _Application:
    """Asks the application itself, without a server."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        self._client = self._app.test_client()

    def get(self, address: str) -> Answer:
        response = self._client.get(f"/{address}", headers=_ACCEPTED)
        return Answer(response.status_code, response.headers.get("Content-Type", ""), response.data)

    def query(self, text: str) -> Answer:
        response = self._client.post("/sparql", data=urlencode({"query": text}), headers=_SENT)
        return Answer(response.status_code, response.headers.get("Content-Type", ""), response.data)

    def close(self) -> None:
        self._app.extensions["current"].close()


class _Server:
    """Asks a running server over one connection; waits where that says that it is busy."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        kind = {"http": HTTPConnection, "https": HTTPSConnection}.get(parts.scheme)
        if kind is None or not parts.hostname:
            raise click.UsageError(f"--server must be an http or https address: {address}")
        self._connection = kind(parts.hostname, parts.port, timeout=_PATIENCE)
        self._root = f"{parts.path.rstrip('/')}/"
        self._address = address

    def get(self, address: str) -> Answer:
        return self._asked("GET", address)

    def query(self, text: str) -> Answer:
        return self._asked("POST", "sparql", urlencode({"query": text}))

    def close(self) -> None:
        self._connection.close()

    def _asked(self, method: str, address: str, form: str | None = None) -> Answer:
        """SourceError where nobody answers, or a server is busy for too long."""
        problem: object = "it is busy"
        for _ in range(_TRIES):
            try:
                answer, pause = self._once(method, address, form)
            except (OSError, HTTPException) as error:
                # A connection that was kept may have ended meanwhile.
                self._connection.close()
                problem = error
                continue
            if pause is None:
                return answer
            sleep(pause)
        raise SourceError(f"{self._address} does not answer: {problem}")

    def _once(self, method: str, address: str, form: str | None) -> tuple[Answer, int | None]:
        """An answer, and the seconds to wait where it is none."""
        self._connection.request(method, self._root + address, form, _SENT if form else _ACCEPTED)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.headers.get("Content-Type", ""), response.read())
        if response.status not in _BUSY:
            return answer, None
        wait = response.headers.get("Retry-After", "")
        return answer, min(int(wait[:9]) if wait.isdecimal() else 1, _LONGEST_PAUSE)


@click.command()
@click.argument("thing", required=False, metavar="[URI]")
@click.option("--sample", "number", type=click.IntRange(min=1), metavar="N", help="Draw N records at random.")
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="Draw the same again.")
@click.option("--server", metavar="URL", help="Ask a running server; else the application is asked without one.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def verify(
    invocation: Invocation, thing: str | None, number: int | None, seed: int | None, server: str | None, as_json: bool
) -> None:
    """Prove that every door says the same of URI, or of records drawn at random and things they speak of.

    URI may also be a path, a document's address or a record's id. All formats and forms are fetched, read back and
    compared, with each other, with the kept source document mapped again, and with what SPARQL says; and the block
    in the page with the schema.org view. Exit 8 when something differs.
    """
    if (thing is None) == (number is None):
        raise click.UsageError("either URI or --sample N")
    settings = invocation.settings(server__rate=0.0)
    edition, seed = catalogue(settings).current(), secrets.randbelow(_SEEDS) if seed is None else seed
    targets = [_named(edition, thing)] if thing is not None else sample(edition, number or 0, seed)
    if number is not None:
        invocation.say(f"--seed {seed}")
    with closing(_Server(server) if server else _Application(settings)) as client:
        if server:
            _check_edition(client, edition)
        report = _run(targets, Verifier(edition, site(settings), client), Progress(quiet=invocation.quiet))
    _tell(report, as_json=as_json)
    if edition.facts.get("mapping") != site(settings).mapping:
        invocation.say("the mapping has changed since this edition was made; `linkeddata remap` applies it")
    if report.faults:
        raise Stop(FAULTS_FOUND)


def _named(edition: Edition, text: str) -> Target:
    found = target(edition, text)
    if found is None:
        raise click.ClickException(f"there is no {text} in edition {edition.number}")
    return found


def _check_edition(client: Client, edition: Edition) -> None:
    """What another edition says cannot be held against this one's sources."""
    answer = client.get("readyz")
    try:
        number = orjson.loads(answer.body)["edition"]
    except (ValueError, TypeError, KeyError):
        number = None
    if number != edition.number:
        served = f"edition {number}" if number else "no edition that it names"
        raise click.ClickException(f"the server has {served}, this data directory has edition {edition.number}")


def _run(targets: Iterable[Target], verifier: Verifier, progress: Progress) -> Report:
    for done, each in enumerate(targets, start=1):
        verifier.verify(each)
        progress(done)
    progress.end()
    return verifier.report


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode())
        return
    for line in report.lines():
        click.echo(line)


COMMANDS = (verify,)
