"""Dumps: the same bytes under a dated name for as long as their edition is kept, in parts, with checksums."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkeddata.catalogue import Catalogue
from linkeddata.publish import Site, publish
from linkeddata.record import Record
from linkeddata.web import create_app

from .conftest import BASE, settings_for

SITE = Site(BASE, dumps=("nq", "jsonld"))


def load(data: Path, *titles: str, site: Site = SITE, keep: int = 2) -> None:
    """Publish records called r0, r1 … with these titles."""
    records = [Record(f"r{n}", {"id": [f"r{n}"], "title": [title]}) for n, title in enumerate(titles)]
    publish(records, Catalogue(data, keep), site, processes=1)


def names(data: Path) -> list[str]:
    """The dated names of the editions that are kept, without ending."""
    return [f"{number:06d}-{Catalogue(data).current().issued[:10]}" for number in Catalogue(data).numbers()]


def fetch(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """An answer with its whole body, its file closed again."""
    with client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        answer.get_data()
        return answer


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three editions, the first of which is no longer kept."""
    data = tmp_path_factory.mktemp("dumps")
    for n in range(3):
        load(data, "A", f"Title {n}")
    return data


@pytest.fixture
def client(data: Path) -> FlaskClient:
    return create_app(settings_for(data)).test_client()


@pytest.mark.parametrize("ending", ["nq.gz", "jsonl.gz"])
def test_latest_is_the_dump_of_the_newest_edition(client: FlaskClient, data: Path, ending: str) -> None:
    """The bytes are those under its dated name, and its tag, digest and checksum say so."""
    latest, fixed = (fetch(client, f"/dump/{name}.{ending}") for name in ("latest", names(data)[-1]))
    digest = hashlib.sha256(latest.data).digest()
    assert latest.data == fixed.data
    assert latest.headers["ETag"] == fixed.headers["ETag"] == f'"{digest.hex()}"'
    assert latest.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert latest.headers["Content-Type"] == "application/gzip"
    assert latest.headers["Content-Disposition"] == f"attachment; filename=latest.{ending}"
    summed = fetch(client, f"/dump/latest.{ending}.sha256").get_data(as_text=True)
    assert summed == f"{digest.hex()}  latest.{ending}\n"


def test_dated_name_may_be_kept_for_ever_and_latest_may_not(client: FlaskClient, data: Path) -> None:
    """The one names bytes, the other what is newest."""
    caching = [fetch(client, f"/dump/{name}.nq.gz").headers["Cache-Control"] for name in (names(data)[0], "latest")]
    assert "immutable" in caching[0]
    assert "immutable" not in caching[1]


def test_kept_edition_keeps_its_dump(client: FlaskClient, data: Path) -> None:
    """The dump of the edition before is still what it was."""
    older, newer = (gzip.decompress(fetch(client, f"/dump/{name}.nq.gz").data) for name in names(data))
    assert (b"Title 1" in older, b"Title 2" in older, b"Title 2" in newer) == (True, False, True)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("000001-{day}.nq.gz", 410),
        ("000001-{day}.nq.gz.sha256", 410),
        ("000004-{day}.nq.gz", 404),
        ("000000-{day}.nq.gz", 404),
        ("000003-1999-01-01.nq.gz", 404),
        ("000003-{day}.ttl.gz", 404),
        ("000003-{day}", 404),
        ("latest.ttl.gz", 404),
        ("latest", 404),
        ("..%2F000003%2Fregister.sqlite", 404),
        ("000003/register.sqlite", 404),
    ],
)
def test_dump_that_is_not_there_says_whether_it_was(client: FlaskClient, data: Path, name: str, status: int) -> None:
    """Gone is what was pruned; what never was is not found, and no other file is given out."""
    day = names(data)[0].partition("-")[2]
    assert fetch(client, f"/dump/{name.format(day=day)}").status_code == status


@pytest.mark.parametrize(
    ("headers", "status", "length"),
    [
        ({"Range": "bytes=0-99"}, 206, 100),
        ({"Range": "bytes=-7"}, 206, 7),
        ({"Range": "bytes=99999999-"}, 416, None),
        ({"Range": "BYTES=3-5"}, 206, 3),
        ({"Range": "bytes=0-99", "If-Range": "{tag}"}, 206, 100),
        ({"Range": "bytes=0-99", "If-Range": '"another"'}, 200, None),
        ({"If-None-Match": "{tag}"}, 304, 0),
    ],
)
def test_dump_comes_in_parts(client: FlaskClient, headers: dict[str, str], status: int, length: int | None) -> None:
    """Range and If-Range as RFC 9110, section 14, has them, so that a broken download goes on where it broke."""
    tag = fetch(client, "/dump/latest.nq.gz").headers["ETag"]
    answer = fetch(client, "/dump/latest.nq.gz", **{name: value.format(tag=tag) for name, value in headers.items()})
    assert answer.status_code == status
    assert length is None or len(answer.data) == length


@pytest.mark.parametrize(
    "given", ["items=0-5", "bytes=0-9,20-29", "bytes=9-2", "bytes=", "bytes=-", "bytes=x", "nonsense", "bytes=-\u0663"]
)
def test_range_that_names_no_part_is_passed_over(client: FlaskClient, given: str) -> None:
    """Another unit than bytes must be (RFC 9110, section 14.2), several parts or no part may be: all is sent."""
    answer = fetch(client, "/dump/latest.nq.gz", Range=given)
    assert (answer.status_code, "Content-Range" in answer.headers) == (200, False)
    assert answer.data == fetch(client, "/dump/latest.nq.gz").data


def test_part_behind_the_end_says_where_the_end_is(client: FlaskClient) -> None:
    """Whoever has everything already learns that from the length in Content-Range (section 15.5.17)."""
    whole = fetch(client, "/dump/latest.nq.gz")
    answer = fetch(client, "/dump/latest.nq.gz", Range=f"bytes={len(whole.data)}-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")


def test_documents_are_lines_of_the_json_ld_of_each_record(client: FlaskClient) -> None:
    """Each line is what the record's own address gives, and all lines together say what the records say."""
    lines = gzip.decompress(fetch(client, "/dump/latest.jsonl.gz").data).splitlines(keepends=True)
    assert lines == [fetch(client, f"/doc/record/r{n}.jsonld").data for n in range(2)]
    told = {str(quad) for line in lines for quad in ox.parse(line, format=ox.RdfFormat.JSON_LD)}
    dumped = gzip.decompress(fetch(client, "/dump/latest.nq.gz").data)
    quads = ox.parse(dumped, format=ox.RdfFormat.N_QUADS)
    assert told == {str(quad) for quad in quads if "/graph/vocab" not in str(quad.graph_name)}


def test_lines_do_not_depend_on_the_order_of_entry(tmp_path: Path) -> None:
    """Two loads of the same records in another order give the same bytes."""
    records = [Record(name, {"id": [name], "title": [name]}) for name in "abc"]
    for folder, given in (("1", records), ("2", records[::-1])):
        publish(given, Catalogue(tmp_path / folder), SITE, processes=1)
    first, second = ((tmp_path / each / "current" / "dump.jsonl.gz").read_bytes() for each in "12")
    assert first == second


def test_record_that_json_ld_cannot_express_costs_only_its_line(tmp_path: Path) -> None:
    """A property that every reader would take for a prefixed name leaves its record out, and stops nothing."""
    own = tmp_path / "mapping.toml"
    own.write_text('record = [{ from = "odd", property = "<bibo:x>", as = "text" }]')
    odd, plain = ({"id": [name], "title": ["A"], **more} for name, more in (("a", {"odd": ["x"]}), ("b", {})))
    site = Site(BASE, dumps=("jsonld",), overrides=str(own))
    publish([Record("a", odd), Record("b", plain)], Catalogue(tmp_path), site, processes=1)
    (line,) = gzip.decompress((tmp_path / "current" / "dump.jsonl.gz").read_bytes()).splitlines()
    assert orjson.loads(line)["@graph"][0]["id"] == f"{BASE}id/record/b"


def test_only_the_dumps_that_are_set_are_written_and_told_of(tmp_path: Path) -> None:
    """All statements always; documents where the setting names them."""
    load(tmp_path, "A", site=Site(BASE))
    client = create_app(settings_for(tmp_path)).test_client()
    assert fetch(client, "/dump/latest.jsonl.gz").status_code == 404
    assert b"jsonl.gz" not in fetch(client, "/doc/dataset/catalogue.nt").data
    assert b"jsonl.gz" not in fetch(client, "/llms.txt").data + fetch(client, "/data").data
