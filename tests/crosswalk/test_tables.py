"""Places in TOML files, which its reader does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.crosswalk.tables import COUNT, NAMES, TEXT, check, read_table, term
from linkeddata.errors import ConfigurationError

TOML = """# record = [ { } ]
top = 1

record = [
    # { from = "comment" }
    { from = "{{", to = 'a}' }, { from = "b" },

    { from = [
        "c"], to = "\\"}" },
]

"Quoted key" = { x = 1 }
source = [ { y = 1 } ]

[[about]]
from = "d"

  [[ about ]]
from = "e"
"""


def test_rows_are_found_on_their_lines(tmp_path: Path) -> None:
    """Braces in comments and strings do not count, rows may share a line or span several."""
    (tmp_path / "t.toml").write_text(TOML)
    table = read_table(tmp_path / "t.toml")
    assert [place for _, place in table.rows("record")] == ["t.toml:6", "t.toml:6", "t.toml:8"]
    assert [place for _, place in table.rows("source")] == ["t.toml:13"]
    assert [place for _, place in table.rows("about")] == ["t.toml:15", "t.toml:18"]
    assert table.rows("missing") == []
    assert (table.place_of("Quoted key"), table.place_of("top"), table.place_of("no")) == (
        "t.toml:12",
        "t.toml:2",
        "t.toml",
    )


@pytest.mark.parametrize("content", [b"\xff", b"a = ", b"a = 1\na = 2"])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"\At\.toml: "):
        read_table(tmp_path / "t.toml")


@pytest.mark.parametrize("row", [{"from": "a"}, {"from": ["a", "b"], "max": 2}, {"from": "a", "as": ""}])
def test_right_row_passes(row: dict[str, object]) -> None:
    check(row, {"from": NAMES, "max": COUNT, "as": TEXT}, ("from",), "t:1")


@pytest.mark.parametrize(
    "curie", ["", "dcterms", "dcterms:", ":title", "dcterms:a b", "http://purl.org/dc/terms/title", "nix:a"]
)
def test_what_is_no_prefixed_name_is_no_term(curie: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\At:1: "):
        term(curie, "t:1")
