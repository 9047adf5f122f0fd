"""One answer of an OAI-PMH repository, whole, to what it says; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from linkeddata.errors import RecordRefused, SourceError
from linkeddata.record import Presence, Reading, Refusal
from linkeddata.sources.oai import NAMESPACE, read_header, read_record
from linkeddata.sources.opening import SNIFFED
from linkeddata.sources.unpacking import PIECE
from linkeddata.sources.xml import Element, text_of, xml_elements, xml_root

#: The elements that are read of the answer to each verb; what is called like the verb must be there.
VERBS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Identify": ("Identify", "granularity", "deletedRecord"),
        "ListMetadataFormats": ("ListMetadataFormats", "metadataPrefix"),
        "ListRecords": ("ListRecords", "record", "resumptionToken"),
        "ListIdentifiers": ("ListIdentifiers", "header", "resumptionToken"),
    }
)
_ALWAYS: Final = ("responseDate", "error")
_MOST_DIGITS: Final = 15


@dataclass(slots=True)
class OaiAnswer:
    """What an answer says.

    `count` are the records, or headers, in it, deleted ones too; `size` is how many the whole list has, if it
    says so (`completeListSize`); `token` asks for the next page, and is empty at the end of a list;
    `texts` are those of the elements of Identify and ListMetadataFormats by name.
    """

    date: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    count: int = 0
    token: str = ""
    size: int | None = None
    texts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def codes(self) -> set[str]:
        """Of the errors."""
        return {code for code, _ in self.errors}


def read_answer(body: bytes, verb: str, place: str) -> OaiAnswer:
    """The answer to a verb; each record is placed by its number in it.

    Refused: `XmlBroken`, where it is not well-formed from its first byte to its last; `SourceError`, where it
    is no answer to this verb, nor an error (OAI-PMH 2.0, 3.6).
    """
    root = xml_root(body[:SNIFFED])
    if root != f"{NAMESPACE}OAI-PMH":
        raise SourceError(f"not an answer of OAI-PMH: its root element is {root}")
    answer = OaiAnswer()
    names = [f"{NAMESPACE}{name}" for name in (*_ALWAYS, *VERBS[verb])]
    for element in xml_elements(_pieces(body), names):
        _note(answer, element, place)
    if verb not in answer.texts and not answer.errors:
        raise SourceError(f"neither {verb} nor an error in the answer")
    return answer


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[at : at + PIECE] for at in range(0, len(body), PIECE))


def _note(answer: OaiAnswer, element: Element, place: str) -> None:
    name = str(element.tag).removeprefix(NAMESPACE)
    _NOTES.get(name, _note_text)(answer, element, place)


def _note_text(answer: OaiAnswer, element: Element, _: str) -> None:
    name = str(element.tag).removeprefix(NAMESPACE)
    answer.texts.setdefault(name, []).append("" if name in VERBS else text_of(element))


def _note_date(answer: OaiAnswer, element: Element, _: str) -> None:
    answer.date = text_of(element)


def _note_error(answer: OaiAnswer, element: Element, _: str) -> None:
    answer.errors.append((element.get("code") or "no code", text_of(element)))


def _note_token(answer: OaiAnswer, element: Element, _: str) -> None:
    size = (element.get("completeListSize") or "").strip()
    answer.token = text_of(element)
    answer.size = int(size) if size.isascii() and size.isdecimal() and len(size) <= _MOST_DIGITS else None


def _note_record(answer: OaiAnswer, element: Element, place: str) -> None:
    answer.count += 1
    answer.readings.append(read_record(element, f"{place}, record {answer.count}"))


def _note_header(answer: OaiAnswer, element: Element, place: str) -> None:
    """Of an identifier whose record is deleted nothing is said: it is not there."""
    answer.count += 1
    try:
        header = read_header(element)
    except RecordRefused as refused:
        answer.readings.append(Refusal(f"{place}, header {answer.count}", str(refused)))
        return
    if not header.deleted:
        answer.readings.append(Presence(header.id))


_NOTES: Mapping[str, Callable[[OaiAnswer, Element, str], None]] = MappingProxyType(
    {
        "responseDate": _note_date,
        "error": _note_error,
        "resumptionToken": _note_token,
        "record": _note_record,
        "header": _note_header,
    }
)
