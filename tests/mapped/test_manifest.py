"""What is said of a folder that is none of mapped records."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkeddata.errors import SourceError
from linkeddata.mapped import MANIFEST, read_manifest

OUTSIDE = (
    '{"format": 1, "base_uri": "http://e/", "mapping": "1", "records": 0, "statements": 0, "quads": [], "insert": [], '
    '"delete": [], "report": null, "kept": [{"file": "../a", "bytes": 1, "sha256": "0", "count": 1}]}'
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ("1", "cannot be read"),
        ("{}", "its format is None"),
        ('{"format": 2}', "its format is 2"),
        ('{"format": 1}', "cannot be read"),
        (OUTSIDE, r"names a file outside its folder: \.\./a"),
    ],
)
def test_manifest_that_no_job_wrote_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """With the file and what is wrong; nothing outside the folder is opened."""
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(SourceError, match=rf"manifest\.json: .*{words}"):
        read_manifest(tmp_path)


def test_folder_without_a_manifest_is_not_whole(tmp_path: Path) -> None:
    """A job that did not end leaves none."""
    with pytest.raises(SourceError, match="no mapped records, or their job did not end"):
        read_manifest(tmp_path)
