"""References at their addresses: by suffix, by Accept, by parameter; for records and for nothing else."""

from __future__ import annotations

import bibtexparser
import orjson
import pytest
import rispy
from flask.testing import FlaskClient

SEED = "/doc/record/nottingham-40697"
TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
every_type = pytest.mark.parametrize(("suffix", "content_type"), TYPES.items())


@every_type
def test_reference_has_a_suffix_a_type_and_a_parameter(client: FlaskClient, suffix: str, content_type: str) -> None:
    """All three give the same bytes; a redirect from the thing leads to the suffix."""
    fixed = client.get(f"{SEED}.{suffix}", headers={"Accept": "text/html"})
    assert (fixed.status_code, fixed.headers["Content-Type"]) == (200, content_type)
    accepted = client.get(SEED, headers={"Accept": content_type})
    named = client.get(f"{SEED}?format={suffix.partition('.')[0]}")
    assert fixed.data == accepted.data == named.data
    assert accepted.headers["Content-Location"] == f"{SEED}.{suffix}"
    thing = client.get(SEED.replace("/doc/", "/id/"), headers={"Accept": content_type})
    assert (thing.status_code, thing.headers["Location"]) == (303, f"{SEED}.{suffix}")


@every_type
@pytest.mark.parametrize("name", ["journal/issn-0028-0836", "name/waring-justin-6f2d327e", "dataset/catalogue"])
def test_only_records_have_references(client: FlaskClient, name: str, suffix: str, content_type: str) -> None:
    """A journal or a name is no work: no such address, no such type."""
    assert client.get(f"/doc/{name}.{suffix}").status_code == 404
    assert client.get(f"/doc/{name}", headers={"Accept": content_type}).status_code == 406
    assert client.get(f"/doc/{name}?format={suffix.partition('.')[0]}").status_code == 406


def test_references_are_offered_on_the_page(client: FlaskClient) -> None:
    """Beside the citation, and as alternates for browsers' add-ons."""
    page = client.get(f"{SEED}.html").text
    for suffix, content_type in TYPES.items():
        assert f'<link rel="alternate" type="{content_type}" href="{SEED}.{suffix}">' in page
        assert f'<a href="{SEED}.{suffix}" type="{content_type}">' in page


@pytest.mark.parametrize("accept", ["*/*", "application/*", "application/json", "text/*"])
def test_no_wide_range_leads_to_a_reference(client: FlaskClient, accept: str) -> None:
    """Who asks for anything gets a page or data."""
    assert client.get(SEED, headers={"Accept": accept}).headers["Content-Type"] not in TYPES.values()


def test_every_sample_record_is_read_back(client: FlaskClient) -> None:
    """Each reference has the title of its record's page."""
    edition = client.application.extensions["current"].edition()
    for listed in edition.recent(50):
        path = edition.uris.local(listed.uri).replace("/id/", "/doc/", 1)
        (item,) = orjson.loads(client.get(f"{path}.csl.json").data)
        (reference,) = rispy.loads(client.get(f"{path}.ris").text)
        assert item["title"] == reference["title"] == listed.label
        assert len(bibtexparser.parse_string(client.get(f"{path}.bib").text).entries) == 1
