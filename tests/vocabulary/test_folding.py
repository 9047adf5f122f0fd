"""Folding: what is typed without accents, in another case or another form of the same letters is the same."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.vocabulary.folding import fold, indexable, letter, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź Øvrelid Straße Đặng Æsop œuvre þing ışık", "lodz ovrelid strasse dang aesop oeuvre thing isik"),
        ("İSTANBUL", "istanbul"),
        ("Inter-Firm's (2nd) co\u00adoperation", "inter firm s 2nd cooperation"),
        ("snake_case C++ 10.1000/a_b", "snake case c 10 1000 a b"),
        ("ΕΚΠΑΊΔΕΥΣΗΣ", "εκπαιδευσησ"),
        ("Ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("ﬁne ½ Ｗｉｄｅ", "fine 1 2 wide"),
        ("日本語", "日本 本語 語"),
        ("猫", "猫"),
        ("日本語abc", "日本 本語 語 abc"),
        ("\x00\ue000 a\x00日b", "a 日 b"),
        ("", ""),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_forms_and_case_of_a_text_fold_alike(text: str) -> None:
    """Composed or decomposed; and folding a folded text of words with blanks changes nothing."""
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_folded_text_holds_nothing_that_an_index_could_mistake(text: str) -> None:
    """No quotes, no operators, no character of the private use area, single blanks."""
    folded = fold(text)
    assert not set(folded) & set('"*():^+-{}\x00\ue000_')
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("label", "heading"),
    [
        ("Waring", "w"),
        ("Österberg", "o"),
        ("Łukasz", "l"),
        ("3D", "#"),
        ("", "#"),
        ("Глебов", "г"),
        ("อาหาร", "~thai"),
        ("李", "~cjk"),
    ],
)
def test_label_stands_under_a_letter(label: str, heading: str) -> None:
    assert letter(fold(label)) == heading


@pytest.mark.parametrize(
    "text",
    [
        "".join(map(chr, range(128))),
        "Snake_case: C++, \x1fUNIT\x00NUL \x85next\u2028line",
        "Łódź STRASSE Ελλάς 日本語ABC ไทย \ue000dead \x00\ue000a",
        "नमस्ते İSTANBUL co\u00adOPERATION ½ ﬁne",
    ],
    ids=["ascii", "separators", "scripts", "marks"],
)
def test_an_index_finds_in_a_text_for_it_the_words_of_the_folded_one(text: str) -> None:
    """The engine's own tokenizer does what is not done before, to the last of its characters."""
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.execute("CREATE VIRTUAL TABLE word USING fts5(text, tokenize='ascii')")
        opened.execute("CREATE VIRTUAL TABLE held USING fts5vocab(word, instance)")
        opened.execute("INSERT INTO word VALUES (?)", (indexable(text),))
        held = [row[0] for row in opened.execute("SELECT term FROM held ORDER BY offset")]
    assert held == fold(text).split() == words(indexable(text))
