"""What was read out of free text in a record: the piece of text, marked, and the rule that read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from linkeddata.wording import ENGLISH, Wording, marked

_EXPLAINED = "def/mining-"
#: What the pieces were read as, in words; numbers with a name of their own have that.
_READ_AS: Final = {
    "source_datestamp": marked("date of the source’s record"),
    "date": marked("date"),
    "peer_reviewed": marked("peer review"),
    "publication_status": marked("state of publication"),
    "citation": marked("citation"),
    "container_title": marked("journal or book"),
    "volume": marked("volume"),
    "issue": marked("issue"),
    "article_number": marked("number of the article"),
    "page_start": marked("first page"),
    "page_end": marked("last page"),
    "pages": marked("pages"),
    "keywords": marked("keywords"),
    "thesis_type": marked("kind of thesis"),
    "thesis_institution": marked("university"),
    "monograph_type": marked("kind of report"),
    "event": marked("event"),
    "related_urls": marked("links"),
}


@dataclass(frozen=True, slots=True)
class MinedCard:
    """The rule's name and its document's address, how many statements it made, and the text in pieces:
    each with what it was read as (empty for what only stands around)."""

    rule: str
    href: str
    count: int
    pieces: tuple[tuple[str, str], ...]


def mined_card(clues: bytes, count: int, root: str, words: Wording = ENGLISH) -> MinedCard | None:
    """The card for the clues kept with a record (JSON: version, pieces); None where nothing was mined."""
    if not clues:
        return None
    told = orjson.loads(clues)
    pieces = tuple((text, words.say(_READ_AS.get(key, key.upper()))) for text, key in told["pieces"])
    return MinedCard(f"mining-{told['version']}", f"{root}{_EXPLAINED}{told['version']}", count, pieces)
