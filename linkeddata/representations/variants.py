"""What a document can be given as: a format, in one of two data profiles, JSON-LD in one of its forms.

A data profile says which vocabulary a document speaks (Content Negotiation by Profile, W3C, section 4):
ours, of the mapping's rules, in which all formats come; or schema.org's, derived for crawlers, which
is data only and so has no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linkeddata.representations.exports import EXPORT_FORMATS
from linkeddata.representations.formats import DOCUMENT_FORMATS, Format
from linkeddata.representations.jsonld_forms import Form
from linkeddata.vocabulary.uris import RECORD

#: `<uri>` or a token, with its quality (Content Negotiation by Profile, 7.2; for `_profile` 8.2).
_PROFILE = re.compile(r"\s*(?:<([^<>]*)>|([^\s,;<>]+))\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]*)?))?\s*(?:,|$)", re.IGNORECASE)
#: The pattern's work grows with the square of the length.
_LONGEST_HEADER = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A data profile, equal to itself alone: its token in `?_profile=`, and its URIs, the first of which we send.

    Ours has none here: its URI is that of the document of rules, which has a version.
    """

    token: str
    uris: tuple[str, ...] = ()


FULL: Final = Profile("full")
SCHEMA: Final = Profile(
    "schema", ("http://schema.org/", "https://schema.org/", "http://schema.org", "https://schema.org")
)
PROFILES: Final = (FULL, SCHEMA)


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that an address can give. Forms are no matter of suffixes."""

    format: Format
    profile: Profile = FULL
    form: Form | None = None

    @property
    def name(self) -> str:
        """A name that no other variant has."""
        return ".".join([self.format.name, self.profile.token, self.form.name if self.form else ""])

    @property
    def is_export(self) -> bool:
        """Whether it is an entry for a list of references."""
        return self.format in EXPORT_FORMATS

    @property
    def content_type(self) -> str:
        """What is sent; JSON-LD in a form that was asked for names its profiles."""
        is_jsonld = self.format.media_type == "application/ld+json"
        return self.form.content_type if self.form and is_jsonld else self.format.content_type


#: What has a suffix of its own, by suffix: every format, and the schema.org view as JSON-LD.
SUFFIXES: Final = {
    **{fmt.extension: Variant(fmt) for fmt in DOCUMENT_FORMATS},
    **{f"schema.{fmt.extension}": Variant(fmt, SCHEMA) for fmt in DOCUMENT_FORMATS if fmt.name == "jsonld"},
}
SCHEMA_JSONLD: Final = SUFFIXES["schema.jsonld"]
JSONLD: Final = SUFFIXES["jsonld"].format
HTML: Final = SUFFIXES["html"].format
#: What a record has besides: entries for lists of references, of which no data profile speaks.
EXPORTS: Final = {fmt.extension: Variant(fmt) for fmt in EXPORT_FORMATS}
_OF_RECORDS: Final = SUFFIXES | EXPORTS


def _endings(known: Mapping[str, Variant]) -> list[tuple[str, Variant]]:
    return [(f".{suffix}", known[suffix]) for suffix in sorted(known, key=len, reverse=True)]


#: What an address may end in, the longest first: of what is no record, and of a record.
_ENDINGS: Final = (_endings(SUFFIXES), _endings(_OF_RECORDS))


def suffixes(kind: str) -> Mapping[str, Variant]:
    """What the document of a thing of a kind has a suffix for."""
    return _OF_RECORDS if kind == RECORD else SUFFIXES


def by_suffix(key: str, kind: str = "") -> tuple[str, Variant] | None:
    """A key without its suffix, and the variant of that suffix; None for a key that ends in none.

    The longest suffix counts: `.schema.jsonld` ends in `.jsonld` too.

    >>> by_suffix("a.schema.jsonld")[0], by_suffix("a.b.ttl")[0], by_suffix(".ttl"), by_suffix("a.bib")
    ('a', 'a.b', None, None)
    """
    for ending, variant in _ENDINGS[kind == RECORD]:
        if key.endswith(ending) and key != ending:
            return key[: -len(ending)], variant
    return None


def profile_wanted(header: str, ours: str) -> Profile | None:
    """The profile that `Accept-Profile` or `_profile` wants most; None where it names none of our profiles.

    `ours` is the URI of our own. Of equal ones the one named first is meant; unknown ones are read over.
    """
    known = {FULL.token: FULL, ours: FULL, SCHEMA.token: SCHEMA, **dict.fromkeys(SCHEMA.uris, SCHEMA)}
    wanted = [
        (float(quality or 1), known[uri or token])
        for uri, token, quality in _PROFILE.findall(header[:_LONGEST_HEADER])
        if (uri or token) in known
    ]
    best = max(wanted, key=lambda each: each[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def profile_of(media_profiles: Iterable[str]) -> Profile | None:
    """The data profile that the `profile` parameter of a media type names, beside forms of JSON-LD."""
    return SCHEMA if not set(SCHEMA.uris).isdisjoint(media_profiles) else None


def profile_uri(profile: Profile, ours: str) -> str:
    """The URI that names a profile."""
    return profile.uris[0] if profile.uris else ours


def formats_of(profile: Profile, kind: str = "") -> tuple[Format, ...]:
    """The formats in which a profile comes; in ours a record comes as an entry for lists of references too."""
    if profile == FULL and kind == RECORD:
        return DOCUMENT_FORMATS + EXPORT_FORMATS
    return DOCUMENT_FORMATS if profile == FULL else tuple(fmt for fmt in DOCUMENT_FORMATS if fmt != HTML)
