"""Catalogues: German is complete, a further language can be begun, and a broken file is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from linkeddata.errors import ConfigurationError
from linkeddata.wording import read_languages
from linkeddata.wording.catalogues import OURS, continued, read_catalogue, untranslated
from linkeddata.wording.extraction import messages

PLACEHOLDER = re.compile(r"%\(\w+\)s")
#: What must stand in a translation as it stands in the message: values, and elements with their attributes.
KEPT = re.compile(r"%\(\w+\)s|</?\w+[^>]*>")


@pytest.fixture(scope="module")
def german() -> Catalog:
    """The German catalogue."""
    return read_catalogue(OURS / "de.po", "de")


@pytest.fixture(scope="module")
def source() -> Catalog:
    """The messages of templates and code."""
    return messages()


def keys(catalogue: Catalog) -> set[str]:
    return {str(each.id) for each in catalogue if each.id}


def forms(text: str | Sequence[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def test_german_has_every_message_of_the_source_and_no_other(german: Catalog, source: Catalog) -> None:
    """`linkeddata language de linkeddata/wording` brings it up to date."""
    assert keys(source) - keys(german) == set()
    assert keys(german) - keys(source) == set()


def test_german_is_complete(german: Catalog) -> None:
    """Every message, in every plural form, and none of them marked as doubtful."""
    assert untranslated(german) == []
    assert [each.id for each in german if each.id and each.fuzzy] == []


def test_translations_keep_values_and_elements(german: Catalog) -> None:
    """A value or a link that a translation loses or invents would be lost on the page, or break it."""

    def differs(message: Message) -> bool:
        wanted = sorted(KEPT.findall(forms(message.id)[-1]))
        return any(sorted(KEPT.findall(each)) != wanted for each in forms(message.string))

    assert [each.id for each in german if each.id and differs(each)] == []


def test_german_does_not_address_people_directly(german: Catalog) -> None:
    """The infinitive does: no "du", no "Ihr Browser"."""
    said = [text for each in german if each.id for text in forms(each.string)]
    assert [text for text in said if re.search(r"\b(?:du|dein\w*|Ihr\w*|Ihnen)\b", text)] == []


def test_words_numbers_and_dates_are_those_of_the_language() -> None:
    """In one value there is all that a page says words with."""
    words = read_languages(["en", "de"]).of("de-AT")
    assert words.say("Authors") == "Verfasser"
    assert words.plural("%(num)s work", "%(num)s works", 12_345) == "12.345 Werke"
    assert words.plural("%(num)s work", "%(num)s works", 1) == "1 Werk"
    assert words.day(2017, 3, 1) == "1. März 2017"
    assert words.labels["dcterms:subject"] == "Schlagwort"
    assert words.name == "Deutsch"


def test_another_language_is_begun_and_continued(tmp_path: Path) -> None:
    """A new catalogue has every message; what was translated stays when it is written again."""
    file, left = continued("fr", tmp_path)
    assert left == len(keys(messages()))
    file.write_text(file.read_text("utf-8").replace('msgid "Authors"\nmsgstr ""', 'msgid "Authors"\nmsgstr "Auteurs"'))
    assert continued("fr", tmp_path) == (file, left - 1)
    words = read_languages(["fr"], tmp_path).usual
    assert (words.say("Authors"), words.say("Cite")) == ("Auteurs", "Cite")


@pytest.mark.parametrize(
    ("tag", "text", "complaint"),
    [
        ("fr", None, "there is no catalogue for 'fr'; `linkeddata language fr FOLDER` begins one"),
        ("xx", None, "names no language"),
        ("fr", 'msgid "a"\nnonsense\n', r"fr.po, line \d+: "),
        ("fr", '#, python-format\nmsgid "%(a)s"\nmsgstr "%(b)s"\n', r"fr.po, line \d+: "),
        ("fr", b"\xff\xfe", "UTF-8|line"),
    ],
)
def test_what_is_no_catalogue_stops_the_start(
    tmp_path: Path, tag: str, text: str | bytes | None, complaint: str
) -> None:
    """The message names the language, or the file and the line."""
    if text is not None:
        (tmp_path / f"{tag}.po").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError, match=complaint):
        read_languages([tag], tmp_path)


@pytest.mark.parametrize("tag", ["../../etc/de", "/de", "", "de/../fr", "d"])
def test_what_is_no_tag_begins_no_catalogue(tmp_path: Path, tag: str) -> None:
    """It becomes the name of a file."""
    with pytest.raises(ConfigurationError, match="no tag of a language"):
        continued(tag, tmp_path / "in")
    assert list(tmp_path.iterdir()) == []
