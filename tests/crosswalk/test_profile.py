"""The tables a cataloguer may edit: read whole, or refused with file and line."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from linkeddata.crosswalk import Crosswalk, Profile, load_profile
from linkeddata.crosswalk.mapper import WHOLES, bundled_profile
from linkeddata.crosswalk.values import BUILDERS
from linkeddata.errors import ConfigurationError
from linkeddata.record import Record
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.uris import Uris

Changed = Callable[[str, str, str], tuple[Path, int]]
FROM = 'from = ["title", "title_full", "title_short"]'
TITLE_LINE = f'{{ {FROM}, property = "dcterms:title", as = "text", max = 1, tagged = true }},'
ISSUED = '{ from = "first_indexed", property = "dcterms:created", as = "moment", max = 1 },'


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A copy of `ontologies/` in which one text is replaced; gives the folder and the line of the change."""

    def change(name: str, old: str, new: str) -> tuple[Path, int]:
        folder = shutil.copytree(ontology.folder(), tmp_path / "ontologies")
        text = (folder / name).read_text("utf-8")
        assert text.count(old) == 1
        (folder / name).write_text(text.replace(old, new), "utf-8")
        return folder, text[: text.index(old)].count("\n") + 1

    return change


def load(folder: Path) -> Profile:
    return load_profile((*BUILDERS, *WHOLES), folder)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("max = 1, tagged = true }", "maximum = 1 }", "unknown column 'maximum'; known are from, property, as,"),
        ('property = "dcterms:title"', 'property = "dct:title"', "unknown prefix 'dct' in 'dct:title'"),
        ('property = "dcterms:title"', 'property = "title"', "'title' is no prefixed name"),
        ('property = "dcterms:title"', 'property = "dcterms:ti tle"', "'dcterms:ti tle' is no prefixed name"),
        ('as = "text"', 'as = "txt"', "no way to read a value as 'txt'; known are address, area,"),
        ("max = 1", 'max = "1"', "max = '1' is not a number from 1 on"),
        ("max = 1", "max = true", "max = True is not a number from 1 on"),
        ("max = 1", "max = 0", "max = 0 is not a number from 1 on"),
        ("tagged = true", "tagged = 1", "tagged = 1 is not true or false"),
        (FROM, "from = []", "from = [] is not a text, or a list of one or more"),
        (FROM, "from = [1]", "from = [1] is not a text, or a list of"),
        (f"{FROM}, ", "", "the column 'from' is missing"),
        ('property = "dcterms:title", ', "", "the column 'property' is missing"),
        ('as = "text", ', "", "the column 'as' is missing"),
        ('as = "text"', 'as = "concept"', "the column 'scheme' is missing, which 'concept' needs"),
        ("tagged = true", 'when = "sometimes"', "when = 'sometimes' is neither 'repository' nor 'catalogue'"),
        ("tagged = true", 'unless = "title"', "'title' is no prefixed name"),
    ],
)
def test_wrong_line_is_refused_with_its_place(changed: Changed, old: str, new: str, reason: str) -> None:
    folder, line = changed("crosswalk.toml", TITLE_LINE, TITLE_LINE.replace(old, new))
    with pytest.raises(ConfigurationError, match=rf"\Acrosswalk\.toml:{line}: {re.escape(reason)}"):
        load(folder)


DCT = '{ from = "{ [ #", property = "dct:created", as = "moment" },'


@pytest.mark.parametrize(
    ("name", "old", "new", "reason", "offset"),
    [
        ("crosswalk.toml", ISSUED, ISSUED.replace("moment", "second"), "no way to read a value as 'second'", 0),
        ("crosswalk.toml", ISSUED, "{ as = 'y', property = 'a:b', from = 'x' },", "no way to read a value as 'y'", 0),
        ("crosswalk.toml", ISSUED, f"\n# {{ from\n{DCT}", "unknown prefix 'dct' in 'dct:created'", 2),
        ("crosswalk.toml", 'of = "building"', "of = 3", "of = 3 is not a text", -2),
        ("crosswalk.toml", "latest_year = 2028", 'latest_year = "28"', "latest_year = '28' is not a number", 0),
        ("crosswalk.toml", "document = [", "documents = [", "unknown column 'documents'", 0),
        ("crosswalk.toml", 'version = "1"', "", "the column 'version' is missing", None),
        ("crosswalk.toml", "source = [", "source = [}", "Invalid value", None),
        ("formats.toml", '"Patent" = { types =', '"Patent" = { type =', "unknown column 'type'", 0),
        ("formats.toml", '"Patent" = { types = ["bibo:', '"Patent" = { types = ["x:', "unknown prefix 'x'", 0),
        ("formats.toml", '"Patent" = {', '"ARTICLE" = {', "'article' stands for another row already", 0),
        ("roles.toml", 'act = { also = ["actor"] }', 'act = "actor"', "act = 'actor' is not a table", 0),
        ("roles.toml", 'act = { also = ["actor"] }', 'act = { also = ["Ed"] }', "'ed' stands for another", 0),
        ("languages.toml", 'fin = { tag = "fi", ', "fin = { ", "the column 'tag' is missing", 0),
        ("languages.toml", 'fin = { tag = "fi", also = ["fi"', 'fin = { tag = "fi", also = ["EN"', "'en' stands", 0),
    ],
)
def test_wrong_table_is_refused_with_its_place(
    changed: Changed, name: str, old: str, new: str, reason: str, offset: int | None
) -> None:
    """The line is that of the row; what is missing, or breaks the file, has none."""
    folder, line = changed(name, old, new)
    place = name if offset is None else f"{name}:{line + offset}"
    with pytest.raises(ConfigurationError, match=rf"\A{re.escape(f'{place}: {reason}')}"):
        load(folder)


def test_missing_file_is_named(changed: Changed) -> None:
    folder, _ = changed("crosswalk.toml", 'version = "1"', 'version = "2"')
    assert load(folder).version == "2"
    (folder / "roles.toml").unlink()
    with pytest.raises(ConfigurationError, match=r"\Aroles\.toml: "):
        load(folder)


def test_edited_table_changes_the_translation(changed: Changed) -> None:
    """A line more is a statement more, without a word of code."""
    folder, _ = changed(
        "crosswalk.toml", TITLE_LINE, f'{TITLE_LINE}\n{{ from = "note", property = "rdfs:comment", as = "text" }},'
    )
    record = Record("r1", {"title": ["T"], "note": ["N"]})
    before, after = Crosswalk(Uris("https://x.org/")), Crosswalk(Uris("https://x.org/"), load(folder))
    [added] = set(after(record).triples) - set(before(record).triples)
    assert str(added[2]) == "N"
    assert (before.fate("note"), after.fate("note")) == ("unknown", "mapped")


def test_every_way_of_reading_is_used_and_explained() -> None:
    """The head of the crosswalk's file explains just the ways there are."""
    profile, text = bundled_profile(), ontology.path("crosswalk.toml").read_text("utf-8")
    explained = text.partition("# How values are read")[2].partition("version =")[0]
    used = {rule.read_as for rule in (*profile.record, *profile.document, *profile.source)}
    assert used == {*BUILDERS, *WHOLES}
    assert all(re.search(rf"\b{way}\b", explained) for way in used), [w for w in used if w not in explained]


def test_no_field_is_both_read_and_left_out_as_a_copy() -> None:
    """Only what is read together with another field, or in its stead, stands in both lists."""
    profile = bundled_profile()
    text = ontology.path("crosswalk.toml").read_text("utf-8")
    assert not Counter(re.findall(r'^"([^"]+)" =', text, re.MULTILINE)).most_common(1)[0][1] > 1
    both = {name for name in profile.known_fields() if profile.why_ignored(name)}
    assert {profile.why_ignored(name) for name in both} <= {"read together with another field", "local field"}


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("title_sort", True),
        ("fulltext_x", True),
        ("work_keys_str_mv", True),
        ("x_txtF", True),
        ("xstr", False),
        ("note", False),
    ],
)
def test_fields_left_out_on_purpose_are_known(name: str, ignored: bool) -> None:
    assert (bundled_profile().why_ignored(name) is not None) is ignored
