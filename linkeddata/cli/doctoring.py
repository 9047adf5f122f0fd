"""`doctor`: whether this site is well, from its settings and its disk to what a request from outside sees."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import orjson

from linkeddata.catalogue import Edition, ServerState
from linkeddata.cli.checking import FAULTS_FOUND
from linkeddata.cli.common import LOCAL, catalogue, means_here
from linkeddata.cli.editions import graph_words
from linkeddata.cli.finding import Finding, fault, ok, warning
from linkeddata.cli.front_door import asking, examine
from linkeddata.cli.invocation import Invocation, Stop
from linkeddata.config import Settings
from linkeddata.errors import EditionForbidden, LinkedDataError

#: An edition is written beside the one that is served, and made from a draft.
_ROOM_FOR: Final = 2
_LEAST_FREE: Final = 100 << 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--offline", is_flag=True, help="Ask nothing over the network.")
@click.pass_obj
def doctor(invocation: Invocation, as_json: bool, offline: bool) -> None:
    """Look at settings, disk, lock and edition, and at what a request through the front door sees.

    One line a check: ok, warning or fault, and what to do. Exit 8 when there is a fault.
    """
    found = []
    for finding in _findings(invocation.settings(), offline=offline):
        found.append(finding)
        if not as_json:
            click.echo(str(finding))
    if as_json:
        click.echo(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    if any(each.level == "fault" for each in found):
        raise Stop(FAULTS_FOUND)


def _findings(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    yield from (check(settings) for check in CHECKS)
    server = None if offline else catalogue(settings).server(settings.base_uri)
    if server:
        yield from _server(server)
    # Where the graph is in a server, that has been asked already, or is not to be.
    edition, finding = _edition(settings, look_up=not settings.text("store.endpoint"))
    yield finding
    if edition is not None:
        yield _same_base(settings, edition)
        yield _issue(edition)
    if not offline:
        yield from examine(settings.base_uri, edition.number if edition else None, asking())


def _base(settings: Settings) -> Finding:
    if means_here(settings.base_uri):
        advice = "set site.base_uri to the public address before others use these URIs"
        return warning("base URI", f"{settings.base_uri} means this machine only", advice)
    if urlsplit(settings.base_uri).port:
        return warning("base URI", f"{settings.base_uri} names a port", "permanent URIs do better without")
    return ok("base URI", settings.base_uri)


def _licence(settings: Settings) -> Finding:
    if not settings.text("site.license"):
        return warning("licence", "none is stated, so nobody knows what the data may be used for", "set site.license")
    return ok("licence", settings.text("site.license"))


def _contact(settings: Settings) -> Finding:
    if not settings.text("site.contact"):
        return warning("contact", "nobody can be asked", "set site.contact")
    return ok("contact", settings.text("site.contact"))


def _budget(settings: Settings) -> Finding:
    proxies, rate = settings.whole("server.behind_proxy"), settings.number("server.rate")
    host, _ = settings.listen
    if rate and not proxies and host in LOCAL and not means_here(settings.base_uri):
        return warning(
            "budget", "all clients look like one behind a proxy", "set server.behind_proxy to the number of proxies"
        )
    if not rate:
        return ok("budget", "no limit of requests (server.rate)")
    return ok("budget", f"{rate:g} requests a second for each client, {settings.whole('server.burst')} at once")


def _directory(settings: Settings) -> Finding:
    data = settings.data
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return fault("data directory", f"{data} cannot be written", "give this user the right to write there")
    return ok("data directory", str(data))


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    needed = max(_ROOM_FOR * _size(settings.data / "current"), _LEAST_FREE)
    if free < needed:
        advice = "make room, or keep fewer editions (store.keep)"
        return fault("disk", f"{free >> 20} MiB are free, the next edition may need {needed >> 20}", advice)
    return ok("disk", f"{free >> 20} MiB free")


def _size(folder: Path) -> int:
    """Bytes below a folder; none where it is not there, or may not be looked into, which another check tells."""
    try:
        return sum(file.stat().st_size for file in folder.resolve().rglob("*") if file.is_file())
    except (FileNotFoundError, PermissionError):
        return 0


def _lock(settings: Settings) -> Finding:
    pid = catalogue(settings).writer()
    if pid is not None:
        return warning("lock", f"process {pid} is writing", "wait for it, if it is meant to run")
    return ok("lock", "free")


CHECKS: Final[tuple[Callable[[Settings], Finding], ...]] = (
    _base, _licence, _contact, _budget, _directory, _disk, _lock,
)  # fmt: skip


def _server(state: ServerState) -> Iterator[Finding]:
    """Whether the SPARQL server is there, can keep a graph as it is set up, and holds what it should."""
    found = state.found
    if state.fault:
        yield fault("SPARQL server", f"{found.endpoint}: {state.fault}", state.advice)
        return
    yield ok("SPARQL server", f"{found.endpoint}, {found.kind}")
    if found.joined is None and not found.graph:
        told = "whether the default graph is the union of all graphs shows when there is something in it"
        yield warning("graph", told, "set store.graph to be sure")
    else:
        yield ok("graph", graph_words(found.graph))
    yield ok("held there", state.content)


def _edition(settings: Settings, *, look_up: bool) -> tuple[Edition | None, Finding]:
    try:
        edition = catalogue(settings).current()
        edition.check_index()
        if look_up:
            edition.warm_up()
    except EditionForbidden as problem:
        return None, fault("edition", str(problem), "ask as the user who publishes, or give this one the right")
    except LinkedDataError as problem:
        return None, fault("edition", str(problem), "publish anew, or serve an older edition")
    return edition, ok("edition", f"{edition.number}, {edition.counts['records']:,} records, issued {edition.issued}")


def _same_base(settings: Settings, edition: Edition) -> Finding:
    if edition.uris.base != settings.base_uri:
        found = f"what is published is named under {edition.uris.base}"
        return fault("names", found, "set site.base_uri to that, or publish anew with load --rebase")
    return ok("names", "published under the base URI that is set")


def _issue(edition: Edition) -> Finding:
    if datetime.fromisoformat(edition.issued) > datetime.now(UTC):
        return fault("time of issue", f"{edition.issued} is still to come", "set the clock of this machine by NTP")
    return ok("time of issue", "in the past")


COMMANDS = (doctor,)
