"""The door to sources on the network."""

from __future__ import annotations

import pytest

from linkeddata.errors import SourceError
from linkeddata.source_settings import SOURCE_KINDS
from linkeddata.sources.harvest import Endpoint
from linkeddata.sources.harvesting import HARVESTED, open_harvest

from .servers import serving
from .solr_double import Solr


def test_kinds_that_can_be_configured_are_those_that_can_be_harvested() -> None:
    """No more, no fewer, in the same order."""
    assert tuple(HARVESTED) == SOURCE_KINDS


@pytest.mark.parametrize("kind", HARVESTED)
def test_nothing_is_asked_before_it_is_iterated(kind: str) -> None:
    """Whoever opens a source that is not there learns it later."""
    harvest = open_harvest(Endpoint("s", kind, "http://127.0.0.1:9/oai"))
    assert (harvest.total, harvest.mark, harvest.complete) == (None, None, False)


def test_source_that_is_not_there_is_told() -> None:
    """After as many tries as are set."""
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9"):
        list(open_harvest(Endpoint("s", "solr", "http://127.0.0.1:9/solr", retries=0, delay=0)))


def test_kind_leads_to_its_reader() -> None:
    """Here to that of Solr."""
    with serving(Solr([{"id": "a"}])) as server:
        [record] = open_harvest(Endpoint("s", "solr", f"{server.url}/solr/biblio", delay=0))
    assert (record.id, record.source) == ("a", "s")


@pytest.mark.parametrize("kind", HARVESTED)
def test_beginning_that_is_no_moment_is_refused_by_every_kind(kind: str) -> None:
    """At once, also where it could not be asked for."""
    with pytest.raises(SourceError, match="'yesterday' is neither a date"):
        open_harvest(Endpoint("s", kind, "http://x/"), "yesterday")


def test_unknown_kind_is_refused_with_those_that_are_known() -> None:
    """At once."""
    with pytest.raises(SourceError, match="unknown kind of source 'sru'; known are solr, oai-pmh, vufind"):
        open_harvest(Endpoint("s", "sru", "http://x/"))
