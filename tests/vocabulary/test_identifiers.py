"""Identifiers by their standards' rules, and links that any parser takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from linkeddata.vocabulary.identifiers import (
    clean_doi,
    clean_handle,
    clean_isbn,
    clean_issn,
    clean_lccn,
    clean_oclc,
    clean_orcid,
    clean_url,
    clean_uuid,
    doi_uri,
    handle_uri,
)

MESSY = st.text(alphabet=st.characters() | st.sampled_from('/:.%#?"<>[]{}|\\^`@ \ud800\x00\u00a0\ue000\ufdd0\ufffe𝔸'))


SICI = "10.1002/(SICI)1097-461X(1998)66:4<261::AID-QUA1>3.0.CO;2-T"


def nasty(shared: Path, line: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((shared / "data" / "nasty.jsonl").read_text("utf-8").split("\n")[line - 1])
    return document


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1111/1467-9566.12560", "10.1111/1467-9566.12560"),
        ("doi:10.1111/ABC", "10.1111/abc"),
        ("DOI: 10.1111/abc", "10.1111/abc"),
        ("https://doi.org/10.1111/abc", "10.1111/abc"),
        ("http://dx.doi.org/10.1111/abc", "10.1111/abc"),
        (" 10.1111/abc ", "10.1111/abc"),
        (SICI, SICI.lower()),
        ("https://doi.org/10.1002/a%3C1%3E", "10.1002/a<1>"),
        ("doi:10.1002/a%3C1", "10.1002/a%3c1"),
        ("https://doi.org/10.1002/a%20b%00", "10.1002/a%20b%00"),
        ("10.123456789/x", "10.123456789/x"),
        ("10.1/x", None),
        ("10.1234567890/x", None),
        ("10.1111/", None),
        ("10.1111", None),
        ("10.1111/a b", None),
        ("10.1111/a\x00b", None),
        ("10.1111/\ud800", None),
        ("10.١١١١/x", None),
        ("https://example.org/10.1111/abc", None),
        ("info:doi/10.1111/abc", None),
        ("", None),
    ],
)  # fmt: skip
def test_doi(text: str, doi: str | None) -> None:
    """In lower case, without resolver; what the resolver's address encoded is decoded."""
    assert clean_doi(text) == doi


def test_doi_link_encodes_only_what_no_iri_may_hold() -> None:
    assert doi_uri("10.1002/(sici)66:4<261::aid>3.0") == "https://doi.org/10.1002/(sici)66:4%3C261::aid%3E3.0"
    assert doi_uri('10.1/"#%{}|\\^` ') == "https://doi.org/10.1/%22%23%25%7B%7D%7C%5C%5E%60%20"


@given(MESSY)
def test_link_of_a_doi_or_handle_is_valid(text: str) -> None:
    """Whatever stands in it."""
    if doi := clean_doi(f"10.1234/{text}"):
        NamedNode(doi_uri(doi))
        doi.encode()
    if handle := clean_handle(f"hdl:1234/{text}"):
        NamedNode(handle_uri(handle))
        handle.encode()


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("http://hdl.handle.net/2027/mdp.39015", "2027/mdp.39015"),
        ("https://hdl.handle.net/10919/1.a", "10919/1.a"),
        ("hdl:10919/1", "10919/1"),
        ("10919/1", None),
        ("http://hdl.handle.net/2027", None),
        ("https://example.org/handle/1/2", None),
        ("hdl:1/a\x00", None),
    ],
)
def test_handle(text: str, handle: str | None) -> None:
    assert clean_handle(text) == handle


@pytest.mark.parametrize(
    ("text", "issn"),
    [
        ("1467-9566", "1467-9566"),
        ("14679566", "1467-9566"),
        (" 0378-5955 ", "0378-5955"),
        ("0031899x", "0031-899X"),
        ("0031-899X", "0031-899X"),
        ("0378-595x", None),
        ("12345678", None),
        ("1467-9567", None),
        ("1467-956", None),
        ("1467--9566", None),
        ("ISSN 1467-9566", None),
        ("X467-9566", None),
        ("١٤٦٧-٩٥٦٦", None),
        ("", None),
    ],
)
def test_issn(text: str, issn: str | None) -> None:
    assert clean_issn(text) == issn


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("978-0-596-52068-7", ("9780596520687", None)),
        ("9780596520687", ("9780596520687", None)),
        ("979-10-90636-07-1", ("9791090636071", None)),
        ("1558612742 (pbk. : alk. paper)", ("9781558612747", "1558612742")),
        ("90-5892-036-4", ("9789058920362", "9058920364")),
        ("0-8044-2957-x", ("9780804429573", "080442957X")),
        ("978‐0‐596‐52068‐7", ("9780596520687", None)),
        ("978-0-7381-4274-7", None),
        ("089871x", None),
        ("1558612743", None),
        ("9771467956001", None),
        ("ISBN 1558612742", None),
        ("١٥٥٨٦١٢٧٤٢", None),
        (" ", None),
        ("", None),
    ],
)
def test_isbn(text: str, isbn: tuple[str, str | None] | None) -> None:
    """Always with thirteen digits, and with ten too where it was given so."""
    assert clean_isbn(text) == isbn


def test_nasty_isbns_and_issns(shared: Path) -> None:
    document = nasty(shared, 62)
    assert [clean_isbn(text) for text in document["isbn"]] == [
        ("9781558612747", "1558612742"), ("9789058920362", "9058920364"), None, None,
    ]  # fmt: skip
    assert [clean_issn(text) for text in document["issn"]] == ["1467-9566", None, None]


@pytest.mark.parametrize(
    ("text", "orcid"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("http://orcid.org/0000-0002-1825-0097/", "0000-0002-1825-0097"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("0000-0002-1694-233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1825-009", None),
        ("٠٠٠٠-0002-1825-0097", None),
        ("", None),
    ],
)
def test_orcid(text: str, orcid: str | None) -> None:
    assert clean_orcid(text) == orcid


@pytest.mark.parametrize(
    ("text", "number"),
    [("(OCoLC)00123", "123"), ("ocm00012345", "12345"), ("ocn123456789", "123456789"), ("on1234567890 ", "1234567890"),
     ("(OCoLC)ocm12", "12"), ("7", "7"), ("0", None), ("(DE-599)123", None), ("ocm", None), ("١٢", None)],
)  # fmt: skip
def test_oclc_number(text: str, number: str | None) -> None:
    assert clean_oclc(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("n 78-89035", "n78089035"), ("85-2 ", "85000002"), ("2001-1114", "2001001114"), ("  2008305903/r", "2008305903"),
     ("79-139101 /AC/r932", "79139101"), ("85000002 ", "85000002"), ("75-425165//r75", "75425165"), ("x", None),
     ("85-2a", None), ("٨٥٠٠٠٠٠٢", None)],
)  # fmt: skip
def test_lccn(text: str, number: str | None) -> None:
    """As the Library of Congress's own examples have it (LCCN namespace, normalisation)."""
    assert clean_lccn(text) == number


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", "https://example.org"),
        (" https://example.org/a?b=c#d ", "https://example.org/a?b=c#d"),
        ("ftp://ftp.example.org/a", "ftp://ftp.example.org/a"),
        ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ("https://bücher.example/ü", "https://bücher.example/ü"),
        ("https://example.org/a[1]", "https://example.org/a%5B1%5D"),
        ("https://example.org/\ue000", "https://example.org/%EE%80%80"),
        ("https://example.org/a#b#c", "https://example.org/a#b%23c"),
        ("https://user:pw@example.org/", None),
        ("https://example.org/100%", None),
        ("https://example.org/a\nb", None),
        ("https://example.org/\ud800", None),
        ("https://exa mple.org/", None),
        ("https://../x", None),
        ("https:///x", None),
        ("https:x", None),
        ("https://example.org:port/", None),
        ("https://example.org:١/", None),
        ("http://[::1%25eth0]/", None),
        ("example.org", None),
        ("", None),
    ],
)
def test_url(text: str, url: str | None) -> None:
    """Scheme and host in lower case, characters no IRI may hold encoded, nothing else touched."""
    assert clean_url(text) == url


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        (58, ["https://example.org/ü?q=%3Ca%3E%7Bb%7D%7C%5C%5E%60"]),
        (59, []),
        (60, ["https://eprints.example.org/40697/", "https://eprints.example.org/40697", "http://eprints.example.org/40697/",
              "https://eprints.example.org/40697/", "https://eprints.example.org/40697/2"]),
    ],
)  # fmt: skip
def test_nasty_urls(shared: Path, line: int, accepted: list[str]) -> None:
    """Broken and active ones are none; those that only look alike are not made equal."""
    assert [url for text in nasty(shared, line)["url"] if (url := clean_url(text))] == accepted


@given(st.sampled_from(["", "http://", "https://a.org/", "https://a.org/?", "ftp://a:1/#", "http://[::1]"]), MESSY)
def test_accepted_url_is_a_valid_iri(start: str, text: str) -> None:
    """And stays what it is when it is read again."""
    if url := clean_url(start + text):
        NamedNode(url)
        assert url.startswith(("http://", "https://", "ftp://"))
        assert clean_url(url) == url


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        (" URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6 ", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("f81d4fae7dec11d0a76500a0c91e6bf6", None),
        ("g81d4fae-7dec-11d0-a765-00a0c91e6bf6", None),
        ("urn:isbn:9781558612747", None),
        ("", None),
    ],
)
def test_uuid(text: str, uuid: str | None) -> None:
    assert clean_uuid(text) == uuid


def _mistyped(digits: str, place: int, step: int) -> str:
    """Digits with the one at a place (the check digit left alone) made another."""
    return f"{digits[:place]}{(int(digits[place]) + step) % 10}{digits[place + 1 :]}"


@given(st.integers(0, 6), st.integers(1, 9))
def test_issn_with_one_wrong_digit_is_none(place: int, step: int) -> None:
    """Its check digit finds every single one."""
    assert clean_issn(_mistyped("14679566", place, step)) is None


@given(st.sampled_from(["9781558612747", "1558612742"]), st.integers(3, 8), st.integers(1, 9))
def test_isbn_with_one_wrong_digit_is_none(isbn: str, place: int, step: int) -> None:
    assert clean_isbn(_mistyped(isbn, place, step)) is None


@given(st.integers(0, 14), st.integers(1, 9))
def test_orcid_with_one_wrong_digit_is_none(place: int, step: int) -> None:
    assert clean_orcid(_mistyped("0000000218250097", place, step)) is None


@given(st.from_regex(r"[0-9]{4}-?[0-9]{3}[0-9Xx]|(97[89])?-?[0-9]{9}[0-9X]|[0-9]{16}|[a-z]{0,3}[0-9]{2}-[0-9]{1,6}"))
def test_clean_identifier_is_clean(text: str) -> None:
    """What one of them gives stays what it is when it is read again."""
    for clean in (clean_issn, clean_orcid, clean_lccn, clean_oclc):
        if found := clean(text):
            assert clean(found) == found
    if isbn := clean_isbn(text):
        assert clean_isbn(isbn[0]) == (isbn[0], None)
        assert isbn[1] is None or clean_isbn(isbn[1]) == isbn
