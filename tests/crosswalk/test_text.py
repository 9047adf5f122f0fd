"""Text made fit to be published."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.crosswalk.text import clean, is_absent, is_printable, label, prose, without_controls

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[s.n.]",
        "s.n.",
        "[S.l.]",
        "S.L.",
        "n/a",
        "N/A",
        "unknown",
        "UNKNOWN",
        " Unknown ",
        "-",
        "...",
        "(:unav)",
        "[None]",
        " " * 40,
        "\x00" * 40,
        "\n\t" * 20,
        "&nbsp;" * 8,
        "&#32;",
        "\ud800" * 20,
    ],
)
def test_placeholders_say_nothing(text: str) -> None:
    assert is_absent(text)


@pytest.mark.parametrize(
    "text",
    [
        "C++",
        "Unknown Pleasures",
        "none",
        "null",
        "s.n.a.",
        "!!!",
        "$",
        "❤",
        "0",
        "№",
        "&",
        "& more of this and that",
        " " * 40 + "x",
        "李",
    ],
)
def test_other_texts_say_something(text: str) -> None:
    assert not is_absent(text)


@given(st.text(alphabet=st.characters() | st.sampled_from("\ud800\x00 &;\ufeff")) | st.just("&nbsp;" * 9))
def test_what_is_not_absent_has_a_label(text: str) -> None:
    """A text that counts as a value is never empty once it is cleaned."""
    assert is_absent(text) or label(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("cafe\u0301", "café"),
        ("a\x00b\x1fc\x7fd\x85e", "abcde"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("Q&amp;A", "Q&A"),
        ("Q&amp;amp;A", "Q&amp;A"),
        ("&#233;&#xe9;", "éé"),
        ("&#0;&#1;&#xd800;", "\ufffd\ufffd"),
        ("AT&T &unknown; &", "AT&T &unknown; &"),
        ("‘smart’ “quotes” – stay", "‘smart’ “quotes” – stay"),
        ("\ud800a\udfff", "a"),
        ("𝔸\U0001f538", "𝔸\U0001f538"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    """NFC, no control but tab and line break, entities decoded once, nothing else touched."""
    assert clean(text) == cleaned


@given(st.text(alphabet=st.characters(exclude_characters="&") | st.sampled_from("\ud800\x00\r\ufffe")))
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not CONTROLS.search(once)


@given(st.text(alphabet=st.characters() | st.sampled_from("\ud800\x00\r\ufffe")))
def test_label_is_one_line(text: str) -> None:
    found = label(text)
    assert not CONTROLS.search(found)
    assert found == " ".join(found.split())


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<p>One <i>in vitro</i>.</p><p>a < b</p>", "One in vitro.\n\na < b"),
        ("<jats:p>One</jats:p>", "One"),
        ('<a href="javascript:x">y</a>', "y"),
        ("<![CDATA[x]]>", "x"),
        ("&lt;p&gt;kept as text", "<p>kept as text"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("two  blanks\n\nand lines", "two  blanks\n\nand lines"),
        ("<EMAIL> and <unk>", "<EMAIL> and <unk>"),
    ],
)
def test_prose_loses_known_tags_and_keeps_its_lines(text: str, cleaned: str) -> None:
    assert prose(text) == cleaned


@pytest.mark.parametrize("code", range(0x180), ids=hex)
def test_long_texts_are_printable_as_python_says(code: int) -> None:
    """The quick way says of a long text what the slow one says, wherever in it a character stands."""
    text = f"{'a plain text ' * 40}{chr(code)}"
    assert is_printable(text) == is_printable(text[::-1]) == text.isprintable()


def test_only_controls_leave_an_identifier() -> None:
    assert without_controls("e\u0301 &amp;\n\x00\ud800") == "e\u0301 &amp;\n"


@pytest.mark.parametrize("read", [clean, label, prose])
def test_piled_up_marks_are_cut(read: Callable[[str], str]) -> None:
    """Eighty thousand marks on one letter, which would take the square of their number to order, are no writing."""
    found = read("a" + "\u0301\u0316" * 40_000 + " b")
    assert found.endswith(" b")
    assert len(found) < 40
