"""Long rows of one character: a record of them costs what its length costs, and not the square of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROW = 400_000
#: Seconds. It takes one; with a pattern that looks for its end from each place of a row it takes minutes.
PATIENCE = 60
BLANKS = f"a{' ' * ROW}b"


def marc(*fields: str) -> str:
    inner = "".join(
        f'<datafield tag="{field[:3]}" ind1=" " ind2=" "><subfield code="{field[3]}">{field[4:]}</subfield></datafield>'
        for field in ("245aTitle", *fields)
    )
    control = '<controlfield tag="001">m</controlfield>'
    return f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader> </leader>{control}{inner}</record>'


OAI = f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>
<identifier>o</identifier><datestamp>2026-01-01</datestamp></header><metadata>
<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Title</dc:title><dc:identifier>{BLANKS}</dc:identifier></dc></metadata></record></ListRecords></OAI-PMH>"""
EPRINT = {
    "eprintid": 1, "title": "Title", "type": "article", "issn": BLANKS, "date": f"2017{'-00' * ROW}x",
    "pagerange": f"1-{'9' * ROW}",
}  # fmt: skip
FILES = {
    "oai_dc.xml": OAI,
    "marc-blanks.xml": marc(f"260b{BLANKS}", f"260b{'a' * ROW}", f"773g p. 1-{'9' * ROW}"),
    "marc-numbers.xml": marc(f"035a(OCoLC){'0' * ROW}x", f"260c{'[' * ROW}]", f"260c[{' 1999' * ROW}"),
    "eprints.json": json.dumps(EPRINT),
    "solr.jsonl": json.dumps({"id": "s", "title": "Title", "oclc_num": f"{' ' * ROW}x"}),
}


@pytest.mark.parametrize("name", FILES)
def test_record_of_long_rows_is_mapped(name: str, tmp_path: Path) -> None:
    """Within a minute, and as a record: nothing of it stops a run, or holds it up."""
    (tmp_path / name).write_text(FILES[name])
    command = [sys.executable, "-m", "linkeddata", "map", name, "--to", "nt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr[-500:]) == (0, b"")
    assert b'"Title' in done.stdout
