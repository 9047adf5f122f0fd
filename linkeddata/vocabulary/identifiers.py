"""Identifiers as their standards write them: each `clean_x` gives the normal form, or None.

Nothing is guessed: what fails its check digit or its grammar is no identifier.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, quote, unquote, urlsplit

# Digits are written out: `\d` also takes the digits of other scripts, which no identifier has.
_DOI = re.compile(r"(doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_DOI_NAME = re.compile(r"10\.[0-9]{4,9}/\S+")
_HANDLE = re.compile(r"(?:hdl:|https?://hdl\.handle\.net/)([0-9A-Za-z.]+/\S+)", re.IGNORECASE)
_ISSN = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9Xx])")
_ISBN13 = re.compile(r"97[89][0-9]{10}")
_ISBN10 = re.compile(r"[0-9]{9}[0-9X]")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9X])/?", re.IGNORECASE)
_OCLC = re.compile(r"(?:\(OCoLC\))?\s*+(?:ocm|ocn|on)?\s*+0*+([1-9][0-9]*+)\s*", re.IGNORECASE)
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
# The year has two digits, or from 2001 on four (Library of Congress, "The LCCN Namespace").
_LCCN = re.compile(r"[a-z]{0,3}[0-9]{8}|[a-z]{0,2}[0-9]{10}")

# RFC 3987, section 2.2: ucschar, less the private use and the non-characters that no IRI path may hold.
_UCSCHAR = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
_SAFE = "-A-Za-z0-9._~:/?@!$&'()*+,;="
_PLAIN_URL = re.compile(
    rf"https?://(?:[a-z0-9-]++\.)*+[a-z0-9-]++(?::[0-9]{{1,5}})?(?:/(?:[{_SAFE}]++|%[0-9A-Fa-f]{{2}})*+)?"
)
_UNSAFE_IN_URL = re.compile(rf"[^{_SAFE}%{_UCSCHAR}]")
# Blanks, half surrogate pairs, and percent signs that encode nothing.
_BROKEN_URL = re.compile(r"[\s\ud800-\udfff]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(rf"(?:[A-Za-z0-9{_UCSCHAR}_-]+\.)*[A-Za-z0-9{_UCSCHAR}_-]+\.?")
_PORT = re.compile(r"[0-9]{1,5}")
_SCHEMES = ("http", "https", "ftp")
# What may not stand in an IRI; all else in a DOI stays as it is, round brackets too.
_NOT_IN_DOI_URI = re.compile(
    r'[\x00-\x20"<>#%{}|\\^`\[\]\x7f-\x9f]|[^\x00-\uffff]|[\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]'
)


def clean_doi(text: str) -> str | None:
    """A DOI in lower case without its resolver (DOI Handbook, section 2).

    >>> clean_doi("https://doi.org/10.1111/1467-9566.12560"), clean_doi("10.1/x")
    ('10.1111/1467-9566.12560', None)
    """
    found = _DOI.fullmatch(text.strip())
    if not found or not found[2].isprintable():
        return None
    name = unquote(found[2]) if "doi.org" in (found[1] or "").lower() else found[2]
    return (name if _DOI_NAME.fullmatch(name) and name.isprintable() else found[2]).lower()


def doi_uri(doi: str) -> str:
    """The resolver's URI of a DOI."""
    return "https://doi.org/" + _NOT_IN_DOI_URI.sub(lambda c: quote(c[0], safe="", errors="replace"), doi)


def clean_handle(text: str) -> str | None:
    """A handle (RFC 3650) without its resolver, from `hdl:` or its resolver's URL."""
    found = _HANDLE.fullmatch(text.strip())
    return found[1] if found and found[1].isprintable() else None


def handle_uri(handle: str) -> str:
    return "https://hdl.handle.net/" + _NOT_IN_DOI_URI.sub(lambda c: quote(c[0], safe="", errors="replace"), handle)


def clean_issn(text: str) -> str | None:
    """An ISSN as NNNN-NNNX whose check digit holds (ISO 3297).

    >>> clean_issn("0031899x"), clean_issn("1467-9567")
    ('0031-899X', None)
    """
    found = _ISSN.fullmatch(text.strip())
    if not found:
        return None
    digits = (found[1] + found[2]).upper()
    return f"{digits[:4]}-{digits[4:]}" if _weighted(digits, 8) % 11 == 0 else None


def clean_isbn(text: str) -> tuple[str, str | None] | None:
    """The 13-digit ISBN, and the 10-digit one where it was given so (ISO 2108); text after a blank is a note.

    >>> clean_isbn("1558612742 (pbk.)"), clean_isbn("978-0-596-52068-7"), clean_isbn("089871x")
    (('9781558612747', '1558612742'), ('9780596520687', None), None)
    """
    digits = (text.split() or [""])[0].replace("-", "").replace("\u2010", "").upper()
    if _ISBN13.fullmatch(digits) and _ean_check(digits[:12]) == digits[12]:
        return digits, None
    if _ISBN10.fullmatch(digits) and _weighted(digits, 10) % 11 == 0:
        body = f"978{digits[:9]}"
        return body + _ean_check(body), digits
    return None


def clean_orcid(text: str) -> str | None:
    """An ORCID iD with hyphens whose check digit holds (ISO 7064 MOD 11-2).

    >>> clean_orcid("https://orcid.org/0000-0002-1825-0097"), clean_orcid("0000-0002-1825-0098")
    ('0000-0002-1825-0097', None)
    """
    found = _ORCID.fullmatch(text.strip())
    if not found:
        return None
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    return "-".join(digits[i : i + 4] for i in (0, 4, 8, 12)) if check == digits[15] else None


def clean_oclc(text: str) -> str | None:
    """An OCLC number without prefix and leading zeros."""
    found = _OCLC.fullmatch(text)
    return found[1] if found else None


def clean_lccn(text: str) -> str | None:
    """A Library of Congress control number, normalised as its permalinks want it.

    Blanks out, cut at a slash, the serial part behind a hyphen padded to six digits.

    >>> clean_lccn("n 78-89035"), clean_lccn("85-2 "), clean_lccn("  2008305903/r")
    ('n78089035', '85000002', '2008305903')
    """
    number = text.replace(" ", "").split("/")[0]
    if "-" in number:
        head, serial = number.split("-", 1)
        number = head + serial.zfill(6)
    return number if _LCCN.fullmatch(number) else None


def clean_uuid(text: str) -> str | None:
    """A UUID in lower case without `urn:uuid:` (RFC 9562, section 4).

    >>> clean_uuid("URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"), clean_uuid("f81d4fae")
    ('f81d4fae-7dec-11d0-a765-00a0c91e6bf6', None)
    """
    found = _UUID.fullmatch(text.strip().lower())
    return found[1] if found else None


def clean_url(text: str) -> str | None:
    """An http, https or ftp URL that is a valid IRI (RFC 3987); scheme and host in lower case.

    Characters that browsers encode are encoded; blanks, credentials, a broken percent sign or a
    broken host make it none.

    >>> clean_url("https://example.org/ü?q=<a>"), clean_url("HTTP://EXAMPLE.ORG/%zz"), clean_url("javascript:alert(1)")
    ('https://example.org/ü?q=%3Ca%3E', None, None)
    """
    text = text.strip()
    if _PLAIN_URL.fullmatch(text):
        return text
    if _BROKEN_URL.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    host = _clean_host(parts)
    if host is None:
        return None
    behind = "".join(mark + _encoded(part) for mark, part in _behind_host(parts) if part)
    return f"{parts.scheme}://{host}{behind}"


def _behind_host(parts: SplitResult) -> tuple[tuple[str, str], ...]:
    return ("", parts.path), ("?", parts.query), ("#", parts.fragment)


def _encoded(part: str) -> str:
    return _UNSAFE_IN_URL.sub(lambda c: quote(c[0], safe="", errors="replace"), part)


def _clean_host(parts: SplitResult) -> str | None:
    if parts.scheme not in _SCHEMES or "@" in parts.netloc:
        return None
    host, colon, port = parts.netloc.rpartition(":")
    if not colon or parts.netloc.endswith("]"):
        host, colon, port = parts.netloc, "", ""
    if colon and not _PORT.fullmatch(port):
        return None
    known = _is_ipv6(host) if host.startswith("[") else bool(_HOST.fullmatch(host))
    return f"{host.lower()}{colon}{port}" if known else None


def _is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host.removeprefix("[").removesuffix("]"))
    except AddressValueError:
        return False
    return host.endswith("]") and "%" not in host


def _weighted(digits: str, first: int) -> int:
    """The sum of all digits with falling weights, X standing for ten."""
    return sum((10 if digit == "X" else int(digit)) * (first - place) for place, digit in enumerate(digits))


def _ean_check(body: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)
