"""Catalogues of messages: the `.po` files that come with this software, and those of the operator.

They are read as they are at start, so there is nothing to compile and nothing that could be out of step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from linkeddata.errors import ConfigurationError
from linkeddata.vocabulary import ontology
from linkeddata.wording.extraction import messages
from linkeddata.wording.words import Wording

OURS: Final = Path(__file__).parent
_SOURCE: Final = "en"
#: Lines of a catalogue's head that Babel fills with capitals to be replaced, or with the time, which changes nothing.
_EMPTY_WORDS: Final = re.compile(
    rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|Generated-By): [^\n]*\n"
)
#: A language, perhaps with a script or a territory (BCP 47): the name of a file and of nothing else.
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a site, the usual one first."""

    offered: Mapping[str, Wording]

    @property
    def usual(self) -> Wording:
        return next(iter(self.offered.values()))

    def of(self, tag: str | None) -> Wording:
        """The language of a tag, or of its first part (`de` for `de-AT`); the usual one where it is not offered."""
        return (self._find(tag) if tag else None) or self.usual

    def offers(self, tag: str) -> bool:
        """Whether that language, or that of its first part, is among them."""
        return self._find(tag) is not None

    def _find(self, tag: str) -> Wording | None:
        wanted = tag.lower()
        known = {each.lower(): words for each, words in self.offered.items()}
        return known.get(wanted) or known.get(wanted.partition("-")[0])


def read_languages(tags: Sequence[str], folder: Path | None = None) -> Languages:
    """The languages of these tags, the first being the usual one. A catalogue in `folder` goes before ours.

    ConfigurationError for a tag that names no language or has no catalogue, and for a file that is none.
    """
    return Languages({tag: _wording(tag, folder) for tag in tags})


def _wording(tag: str, folder: Path | None) -> Wording:
    try:
        known = Wording(tag)
    except (UnknownLocaleError, ValueError) as problem:
        raise ConfigurationError(f"site.languages: {tag!r} names no language that is known") from problem
    return replace(known, messages=_messages(tag, folder), labels=_labels(tag))


def _labels(tag: str) -> dict[str, str]:
    """Labels of terms in the language; in English where we have none."""
    primary = tag.partition("-")[0]
    return ontology.labels(primary if primary in ontology.LABELS else _SOURCE)


def _messages(tag: str, folder: Path | None) -> NullTranslations:
    places = [place / f"{tag}.po" for place in (folder, OURS) if place is not None]
    found = next((place for place in places if place.is_file()), None)
    if found is None and tag == _SOURCE:
        return NullTranslations()
    if found is None:
        raise ConfigurationError(
            f"site.languages: there is no catalogue for {tag!r}; `linkeddata language {tag} FOLDER` begins one, "
            f"and site.translations names its folder"
        )
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(found, tag))
    compiled.seek(0)
    return GNUTranslations(compiled)


def read_catalogue(file: Path, tag: str) -> Catalog:
    """A catalogue from its file. ConfigurationError names the file, and the line where something is wrong."""
    try:
        with file.open("rb") as lines:
            catalogue = read_po(lines, locale=tag.replace("-", "_"), abort_invalid=True)
    except PoFileError as problem:
        raise ConfigurationError(f"{file}, line {problem.lineno + 1}: {problem}") from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationError(f"{file}: is not text in UTF-8") from problem
    except OSError as problem:
        raise ConfigurationError(f"{file}: {problem.strerror}") from problem
    # A value that the message has not would be an error on the page, long after the start.
    for message in (each for each in catalogue if each.id and any(_strings(each.string))):
        for fault in message.check(catalogue):
            raise ConfigurationError(f"{file}, line {message.lineno}: {fault}")
    return catalogue


def continued(tag: str, folder: Path) -> tuple[Path, int]:
    """Write the catalogue of a language with every message of this version: what was translated stays.

    Gives the file and the number of messages that are still to be translated. ConfigurationError for what is no tag.
    """
    if not _TAG.fullmatch(tag):
        raise ConfigurationError(f"{tag!r} is no tag of a language, such as de or pt-BR")
    file = folder / f"{tag}.po"
    known = file if file.is_file() else OURS / f"{tag}.po"
    catalogue = (
        read_catalogue(known, tag) if known.is_file() else Catalog(locale=tag.replace("-", "_"), project="linkeddata")
    )
    catalogue.update(messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    folder.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=110, sort_by_file=True, include_lineno=False)
    # Beside it first: on a full disk, what somebody has translated would be gone.
    beside = file.with_suffix(".po.unfinished")
    beside.write_bytes(_EMPTY_WORDS.sub(b"", written.getvalue()))
    beside.replace(file)
    return file, len(untranslated(catalogue))


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no translation, or lack one of its plural forms."""
    open_ones = [each for each in catalogue if each.id and not all(_strings(each.string))]
    return [str(each.id if isinstance(each.id, str) else each.id[0]) for each in open_ones]


def _strings(said: str | Sequence[str] | None) -> Sequence[str]:
    return [said or ""] if isinstance(said, str | None) else said
