"""Style sheet, script and context: at addresses that name their bytes for ever, at their plain names for a while."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

import linkeddata
from linkeddata.vocabulary import ontology
from linkeddata.web.assets import Assets

DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}
STATIC = Path(linkeddata.__file__).parent / "web" / "static"
FOREVER = "public, max-age=31536000, immutable"
NAMES = {"site.css": "text/css; charset=utf-8", "site.js": "text/javascript; charset=utf-8"}


@pytest.mark.parametrize("name", NAMES)
def test_page_links_files_by_their_fingerprint(client: FlaskClient, name: str) -> None:
    """What a page links may be kept for ever, and is the file."""
    stem, suffix = name.split(".")
    address = re.search(rf'"(/static/{stem}\.[0-9a-f]{{16}}\.{suffix})"', client.get("/").get_data(as_text=True))
    assert address is not None
    answer = client.get(address[1])
    assert answer.data == (STATIC / name).read_bytes()
    assert (answer.headers["Cache-Control"], answer.headers["Content-Type"]) == (FOREVER, NAMES[name])


@pytest.mark.parametrize("name", NAMES)
def test_plain_name_is_asked_again_soon(client: FlaskClient, name: str) -> None:
    """It changes with a new version of the software."""
    answer = client.get(f"/static/{name}")
    assert answer.data == (STATIC / name).read_bytes()
    assert answer.headers["Cache-Control"].startswith("public, max-age=300,")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("coding", "decode"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_files_are_packed_unless_that_saves_nothing(
    client: FlaskClient, name: str, coding: str, decode: object
) -> None:
    """With a tag for each coding."""
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": coding})
    plain = client.get(f"/static/{name}")
    assert answer.headers["Content-Encoding"] == coding
    assert DECODERS[coding](answer.data) == plain.data
    assert len(answer.data) < len(plain.data) / 2 + 100
    assert answer.headers["ETag"] != plain.headers["ETag"]


def test_other_bytes_have_another_address(tmp_path: Path) -> None:
    """A browser that kept the old file for ever fetches the new one."""
    addresses = []
    for text in ("a {}", "b {}"):
        (tmp_path / "site.css").write_text(text)
        addresses.append(Assets(tmp_path).addresses("/data/")["site.css"])
    assert addresses[0] != addresses[1]
    assert all(address.startswith("/data/static/site.") for address in addresses)


@pytest.mark.parametrize(
    "name", ["site.0123456789abcdef.css", "none.css", "..%2fapp.py", "%2e%2e/app.py", "site.css.map"]
)
def test_no_other_file_is_static(client: FlaskClient, name: str) -> None:
    """Only the files there were at the start, under the names they have now."""
    assert client.get(f"/static/{name}").status_code == 404


def test_files_of_other_kinds_stay_where_they_are(tmp_path: Path) -> None:
    """Only style sheets, scripts and drawings are served."""
    (tmp_path / "secret.txt").write_text("secret")
    assert Assets(tmp_path).addresses("/") == {}


def test_context_has_an_address_for_this_version(client: FlaskClient) -> None:
    """`/context.jsonld` tells where its bytes are for ever; another version's address is unknown."""
    current = client.get("/context.jsonld")
    versioned = client.get(current.headers["Content-Location"])
    assert versioned.data == current.data == ontology.path("context.jsonld").read_bytes()
    assert (versioned.headers["Cache-Control"], versioned.headers["Content-Type"]) == (FOREVER, "application/ld+json")
    assert current.headers["Cache-Control"].startswith("public, max-age=300,")
    assert client.get("/context/0123.jsonld").status_code == 404
