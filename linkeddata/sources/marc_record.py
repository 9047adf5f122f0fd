"""A MARC 21 record as its fields, whatever it was written in: what the binary and the XML reader both give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarcField:
    """A data field: tag, the two indicators, and its subfields in order."""

    tag: str
    first: str
    second: str
    subfields: Sequence[tuple[str, str]]

    def all(self, codes: str) -> list[str]:
        """The values of these subfields, in the order of the record, without blanks around them."""
        return [text for code, value in self.subfields if code in codes and (text := value.strip())]

    def joined(self, codes: str) -> str:
        return " ".join(self.all(codes))


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """Leader, control fields and data fields in their order."""

    leader: str
    control: Sequence[tuple[str, str]]
    fields: Sequence[MarcField]

    def controls(self, tag: str) -> list[str]:
        return [text for each, text in self.control if each == tag]

    def tagged(self, tags: Collection[str]) -> Iterator[MarcField]:
        """The data fields with one of these tags, in the order of the record."""
        return (field for field in self.fields if field.tag in tags)

    def coded(self, tag: str, position: int) -> str:
        """One character of a control field or, for `LDR`, the leader, in lower case; a blank where there is none."""
        text = self.leader if tag == "LDR" else next(iter(self.controls(tag)), "")
        return text[position : position + 1].lower() or " "
