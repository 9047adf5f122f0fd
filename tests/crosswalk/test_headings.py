"""Name headings taken apart, and subjects cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.crosswalk.headings import PersonName, read_name, split_subjects


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Waring, Justin", PersonName("Justin Waring", "Waring", "Justin")),
        ("de la Cruz, Juan", PersonName("Juan de la Cruz", "de la Cruz", "Juan")),
        ("King, Martin Luther, Jr.", PersonName("Martin Luther King Jr.", "King", "Martin Luther", suffix="Jr.")),
        ("Gates, William H., III", PersonName("William H. Gates III", "Gates", "William H.", suffix="III")),
        ("Smith, Dr John", PersonName("John Smith", "Smith", "John", prefix="Dr")),
        ("Smith, Prof. John", PersonName("John Smith", "Smith", "John", prefix="Prof.")),
        ("Smith, Professor John", PersonName("John Smith", "Smith", "John", prefix="Professor")),
        ("Abdul Razak, Tan Sri Ali", PersonName("Ali Abdul Razak", "Abdul Razak", "Ali", prefix="Tan Sri")),
        ("Onn, Dato' Hussein", PersonName("Hussein Onn", "Onn", "Hussein", prefix="Dato'")),
        ("Onn, Dato’ Hussein", PersonName("Hussein Onn", "Onn", "Hussein", prefix="Dato’")),
        ("Smith, Drake", PersonName("Drake Smith", "Smith", "Drake")),
        ("Smith, Dr", PersonName("Dr Smith", "Smith", "Dr")),
        ("Smith, John, 1950-2010", PersonName("John Smith", "Smith", "John")),
        ("Smith, John, 1950-", PersonName("John Smith", "Smith", "John")),
        ("Smith, John, approximately 1200-1250.", PersonName("John Smith", "Smith", "John")),
        (
            "King, Martin Luther, Jr., 1929-1968",
            PersonName("Martin Luther King Jr.", "King", "Martin Luther", suffix="Jr."),
        ),
        ("Smith, John, OBE", PersonName("John Smith", "Smith", "John")),
        ("李, 小明", PersonName("李小明", "李", "小明")),
        ("김, 철수", PersonName("김철수", "김", "철수")),
        ("Li, 小明", PersonName("小明 Li", "Li", "小明")),
        ("World Health Organization", PersonName("World Health Organization")),
        ("Plato", PersonName("Plato")),
        ("Suharto, 1921-2008", PersonName("Suharto")),
        ("Smith,", PersonName("Smith")),
        (", John", PersonName("John")),
        ("King, Jr.", PersonName("King, Jr.")),
        (", 1950-2010", PersonName("1950-2010")),
    ],
)
def test_name_is_taken_apart(heading: str, name: PersonName) -> None:
    """Parts are only what the heading's commas and closed lists tell."""
    assert read_name(heading) == name


@given(st.text(alphabet="aé李, .1;'", min_size=1))
def test_every_name_has_a_name(heading: str) -> None:
    """Whoever has a family name has a given name, and nobody who has letters is left without a name."""
    found = read_name(heading)
    assert (found.family is None) == (found.given is None)
    assert found.name or not any(map(str.isalpha, heading))


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Quality of care", ["Quality of care"]),
        ("A; B;C ;", ["A", "B", "C"]),
        (
            "National Health Service (NHS); Professions/professionalisation",
            ["National Health Service (NHS)", "Professions/professionalisation"],
        ),
        ("Services (NHS; UK); Care [in; homes]", ["Services (NHS; UK)", "Care [in; homes]"]),
        ("Nested (a (b; c); d); E", ["Nested (a (b; c); d)", "E"]),
        ("Open (never closed; B; C", ["Open (never closed", "B", "C"]),
        ("Open (a (b; c) never; D", ["Open (a (b; c) never", "D"]),
        ("Closed) too early; B", ["Closed) too early", "B"]),
        ("Women, Black -- Yemen.", ["Women, Black -- Yemen"]),
        ("A | B, C / D", ["A | B, C / D"]),
        ("etc.;.", ["etc"]),
        (";;; ; ", []),
    ],
)
def test_subjects_are_cut_at_semicolons_outside_brackets(text: str, subjects: list[str]) -> None:
    assert split_subjects(text) == subjects


@given(st.text(alphabet="ab();[] .", max_size=40))
def test_cutting_loses_no_letter(text: str) -> None:
    """Only semicolons, blanks and final full stops go."""
    letters = [each for each in text if each in "ab"]
    assert [each for subject in split_subjects(text) for each in subject if each in "ab"] == letters
