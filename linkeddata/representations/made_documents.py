"""The documents made from the tables of `ontologies/`: all terms, the rules of mapping, the rules of mining.

Nothing is made before it is asked for: a list of them costs the reading of two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkeddata.representations.ontology_files import TITLES
from linkeddata.representations.parts import Data, Text
from linkeddata.representations.rule_statements import MINING_FILE, PROFILE_FILES, mining_statements, profile_statements
from linkeddata.representations.rules import MiningPage, ProfilePage, Words, mining_page, profile_page
from linkeddata.representations.term_list import Term, TermPage, term_page, term_statements, terms
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import Uris
from linkeddata.wording import Wording

_CROSSWALK: Final = "crosswalk.toml"
#: The tables that the page of the mapping prints; languages.toml is only named there.
_SHOWN: Final = (_CROSSWALK, "formats.toml", "roles.toml", "readings.toml")


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its URI, the files it is made from, the view model of its page and its statements (N-Triples).

    `kind` is `terms`, `profile` or `mining`; `mark` changes with what is shown besides the files.
    """

    kind: str
    uri: str
    title: str
    files: tuple[str, ...]
    page: Callable[[Data, Wording], TermPage | ProfilePage | MiningPage]
    statements: Callable[[], bytes]
    mark: str = ""


def made_documents(version: str | None, *, uris: Uris, own: Path | None = None) -> Iterator[Made]:
    """All documents there are, where the data were mapped by the rules of this version (None: no data yet).

    `own` is the operator's own file, shown where it is the one the data were mapped with.

    Data mapped by other tables than those at hand have no document of their rules.
    """
    yield _terms(uris)
    shipped = str(ontology.table(_CROSSWALK)["version"])
    if version is None or version.partition("+")[0] == shipped:
        yield _profile(version or shipped, uris, own)
    yield _mining(uris)


def _terms(uris: Uris) -> Made:
    def listed() -> list[Term]:
        return terms({language: ontology.labels(language) for language in ontology.LABELS}, ontology.comments())

    uri = uris.ontology("terms")
    return Made(
        kind="terms",
        uri=uri,
        title="All terms: what they are called and what they say",
        files=(*ontology.LABELS.values(), ontology.COMMENTS),
        page=lambda data, _: term_page(listed(), data=data),
        statements=lambda: term_statements(listed(), document=uri),
    )


def _profile(version: str, uris: Uris, own: Path | None) -> Made:
    over = ontology.own_table(own, version.partition("+")[2]) if own else None

    def page(data: Data, wording: Wording) -> ProfilePage:
        tables = {name.removesuffix(".toml"): ontology.table(name) for name in _SHOWN}
        tables |= {"own": over} if over is not None else {}
        words = Words({**ontology.labels(), **wording.labels}, uris.local(uris.ontology("terms")))
        files = [Text(name, href=uris.local(uris.ontology(name)), note=TITLES[name]) for name in PROFILE_FILES]
        return profile_page(tables, version=version, words=words, files=files, data=data)

    return Made(
        kind="profile",
        uri=uris.rule(f"profile-{version}"),
        title=f"How records are mapped, version {version}",
        files=(*_SHOWN, *ontology.LABELS.values()),
        page=page,
        statements=lambda: profile_statements(version, uris=uris, titles=TITLES),
        mark="with own lines" if over is not None else "",
    )


def _mining(uris: Uris) -> Made:
    version = ontology.table(MINING_FILE)["version"]
    return Made(
        kind="mining",
        uri=uris.rule(f"mining-{version}"),
        title=f"What is read from citations, version {version}",
        files=(MINING_FILE,),
        page=lambda data, _: mining_page(ontology.table(MINING_FILE), data=data),
        statements=lambda: mining_statements(ontology.table(MINING_FILE), uris=uris, titles=TITLES),
    )
