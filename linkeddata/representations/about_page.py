"""The page about the site: what its URIs promise, by which rules its data are made, and where its limits are."""

from __future__ import annotations

from dataclasses import dataclass

from linkeddata import __version__
from linkeddata.representations.rule_statements import MINING_FILE
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import ENGLISH, Wording


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a query may go: seconds, rows, bytes of its text, and a client's seconds in a minute (0: any number)."""

    seconds: float
    rows: int
    query_bytes: int
    client_seconds: float


@dataclass(frozen=True, slots=True)
class AboutPage:
    """Addresses of the site, of its rules for mining and mapping, and the limits of its endpoint in words."""

    address: str
    base: str
    mining: str
    mapping: str
    limits: tuple[str, ...]
    version: str = __version__


def about_page(profile: str, bounds: Bounds, *, uris: Uris, words: Wording = ENGLISH) -> AboutPage:
    """The page; `profile` is the version of the mapping that the edition in hand was made with."""
    return AboutPage(
        address=f"{uris.base}about",
        base=uris.base,
        mining=uris.local(uris.rule(f"mining-{ontology.table(MINING_FILE)['version']}")),
        mapping=uris.local(uris.rule(f"profile-{profile}")),
        limits=tuple(_limits(bounds, words)),
    )


def _limits(bounds: Bounds, words: Wording) -> list[str]:
    seconds, share = round(bounds.seconds), round(bounds.client_seconds)
    said = [
        words.plural("%(num)s second for a query", "%(num)s seconds for a query", seconds),
        words.plural("%(num)s row of an answer", "%(num)s rows of an answer", bounds.rows),
        words.plural("%(num)s byte of a query", "%(num)s bytes of a query", bounds.query_bytes),
    ]
    if share:
        said.append(
            words.plural(
                "%(num)s second of query time for a client in a minute",
                "%(num)s seconds of query time for a client in a minute",
                share,
            )
        )
    return said
