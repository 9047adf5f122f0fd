"""Whatever happens to a run or to the server, the next run mends it; what is not ours is never touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from linkeddata.catalogue import Catalogue, Server, server_home
from linkeddata.errors import ConfigurationError, RefusedForSafety, StoreError
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.store import RemoteWriter

BASE = "https://data.example.org/"
SITE = Site(BASE, "Example")


def record(identifier: str, title: str = "A title") -> Record:
    return Record(identifier, {"id": [identifier], "title": [title], "publisher": ["Wiley"]}, place="here:1")


FIRST = [record(name) for name in "abcdef"]
SECOND = [record(name, "Another title") for name in "defghi"]


class Breaking(RemoteWriter):
    """A writer whose connection breaks before some request of a change."""

    left = 0

    def _send(self, update: str) -> None:
        if "DATA" in update and "probe" not in update:
            type(self).left -= 1
            if type(self).left < 0:
                raise StoreError("the connection broke")
        super()._send(update)


def breaking_after(requests: int) -> type[RemoteWriter]:
    return type("BreakingSoon", (Breaking,), {"left": requests})


def publish_broken(fresh: Any, requests: int, readings: list[Record]) -> None:
    """Publish with a connection that breaks after so many small requests."""
    server = replace(fresh.live.server, batch_bytes=2_000)
    catalogue = Catalogue(fresh.remote, server=server)
    catalogue._home = server_home.ServerHome(server, fresh.remote, writer=breaking_after(requests))
    with pytest.raises(StoreError, match="the connection broke"):
        publish(readings, catalogue, SITE, processes=1)


@pytest.mark.parametrize("requests", [0, 1, 3])
def test_run_that_breaks_off_serves_the_edition_before(fresh: Any, requests: int) -> None:
    """And the server, left between two editions, is brought back to it before the next run."""
    fresh.load(FIRST)
    publish_broken(fresh, requests, SECOND)
    assert Catalogue(fresh.remote).current_folder().name == "000001"
    fresh.update([])
    assert fresh.agree()


@pytest.mark.parametrize("requests", [0, 2])
def test_first_run_that_breaks_off_is_done_again(fresh: Any, requests: int) -> None:
    """Nothing is served then, and what arrived is no reason to refuse the next run."""
    publish_broken(fresh, requests, FIRST)
    assert Catalogue(fresh.remote).current_folder() is None
    fresh.load(FIRST)
    assert fresh.agree()


def test_run_that_breaks_off_may_be_followed_by_another_change(fresh: Any) -> None:
    fresh.load(FIRST)
    publish_broken(fresh, 2, SECOND)
    fresh.update([record("z"), record("a", "A third title")])
    assert fresh.agree()


def test_server_that_lost_its_graph_gets_it_again(fresh: Any) -> None:
    fresh.load(FIRST)
    fresh.live.clear()
    fresh.update([])
    assert fresh.agree()


def test_catalogue_of_own_stores_moves_into_a_server(fresh: Any) -> None:
    """The edition served is sent when a server is set, and a store is built when it is not any more."""
    publish(FIRST, Catalogue(fresh.remote), SITE, processes=1)
    fresh.update([record("z"), *FIRST])
    assert fresh.agree()
    publish(SECOND, Catalogue(fresh.remote), SITE, processes=1)
    assert Catalogue(fresh.remote).current().counts["records"] == len(SECOND)


def test_edition_in_a_server_has_no_store_of_its_own(fresh: Any) -> None:
    """Without the setting its lists are there, but a graph is asked for in vain, and the error says why."""
    fresh.load(FIRST)
    edition = Catalogue(fresh.remote).current()
    with pytest.raises(StoreError, match=r"set store\.endpoint"):
        edition.describe(edition.uris.name(edition.listing("org", page=1).rows[0].uri))


def test_statements_of_others_are_not_touched(fresh: Any) -> None:
    """A graph that holds something nobody noted is refused, and stays as it is."""
    line = b'<http://e/a> <http://e/b> "not ours" .\n'
    RemoteWriter(fresh.live.server, BASE).change(b"", line)
    with pytest.raises(RefusedForSafety, match="holds 1 statements"):
        publish(FIRST, Catalogue(fresh.remote, server=fresh.live.server), SITE, processes=1)
    assert {quad.object.value for quad in fresh.live.quads()} == {"not ours"}


def test_joined_default_graph_is_refused(start_oxigraph: Callable[..., Server], virtuoso: Any, tmp_path: Any) -> None:
    """Where the default graph is all graphs, a graph has to be named; an unknown server is tried."""
    for server in (start_oxigraph("--union-default-graph"), replace(virtuoso.server, graph="")):
        with pytest.raises(ConfigurationError, match=r"store\.graph must be set"):
            publish(FIRST, Catalogue(tmp_path, server=server), SITE, processes=1)


TEXTS = (
    r"C:\users\u00e9\U0001F600",
    'back\\slash\\\\and \\" quote',
    "line\nbreak\rand\ttab",
    "李 é 😀 \u2028 \x0b \x7f",
    '?x $y {} <a> \'single\' """ # ; .',
    "\\",
    "%41 & = + ",
)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_survive_the_way_through_sparql(fresh: Any, text: str) -> None:
    """Backslashes above all, which SPARQL decodes before it reads anything else."""
    fresh.load([record("a", text)])
    fresh.update([record("a", f"{text}."), record("b", text)])
    assert fresh.agree()
