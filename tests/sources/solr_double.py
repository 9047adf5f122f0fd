"""A Solr of ours: as much of its `select` as a harvester uses, from the Solr Reference Guide, and its faults."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .servers import Answer, Asked

Document = dict[str, Any]
_SINCE = re.compile(r"(?P<field>[\w.-]+):\[(?P<since>\S+) TO \*\] OR \(\*:\* -(?P=field):\[\* TO \*\]\)")


class Refused(Exception):
    """A question that Solr answers with 400; the text is its message."""


def error(message: str, code: int = 400) -> Answer:
    body = {"responseHeader": {"status": code}, "error": {"metadata": [], "msg": message, "code": code}}
    return Answer(json.dumps(body).encode(), code, {"Content-Type": "application/json;charset=utf-8"})


@dataclass
class Solr:
    """An index in memory. `sortable` is whether the key can be sorted by, `cursors` whether it is 4.7 or later.

    `schema` are the fields that exist; all of the documents' unless said. `before` is called with the number of
    the request before it is answered: it may change the documents, or give another answer in its place. `most`
    documents are given in one answer, whatever is asked for.
    """

    documents: list[Document]
    key: str = "id"
    sortable: bool = True
    cursors: bool = True
    schema: set[str] | None = None
    before: Callable[[int], Answer | None] = lambda _: None
    header: dict[str, Any] = field(default_factory=dict)
    most: int = 10_000
    requests: int = 0

    def __call__(self, asked: Asked) -> Answer:
        self.requests += 1
        other = self.before(self.requests)
        if other is not None:
            return other
        if urlsplit(asked.target).path != "/solr/biblio/select":
            return Answer(b"<html><body>Not found</body></html>", 404, {"Content-Type": "text/html"})
        pairs = parse_qsl(urlsplit(asked.target).query, keep_blank_values=True)
        try:
            body = self._answer(dict(pairs), [value for name, value in pairs if name == "fq"])
        except Refused as refused:
            return error(str(refused))
        return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json;charset=utf-8"})

    def _answer(self, asked: dict[str, str], filters: Iterable[str]) -> dict[str, Any]:
        assert asked["wt"] == "json" and asked["q"] == "*:*"
        found = self._sorted([each for each in self.documents if self._meets(each, filters)], asked["sort"])
        rows, start, mark = min(int(asked["rows"]), self.most), int(asked.get("start", 0)), asked.get("cursorMark")
        more: dict[str, Any] = {}
        if mark and self.cursors:
            if asked["sort"] != f"{self.key} asc":
                raise Refused("Cursor functionality requires a sort containing a uniqueKey field tie breaker")
            left = [each for each in found if mark == "*" or _key(each[self.key]) > b64decode(mark)]
            page = left[:rows]
            more["nextCursorMark"] = b64encode(_key(page[-1][self.key])).decode() if page else mark
        else:
            page = found[start : start + rows]
        docs = [_listed(each, asked["fl"]) for each in page]
        response = {"numFound": len(found), "start": start, "numFoundExact": True, "docs": docs}
        return {"responseHeader": {"status": 0, "QTime": 1, **self.header}, "response": response, **more}

    def _meets(self, document: Document, filters: Iterable[str]) -> bool:
        for each in filters:
            if since := _SINCE.fullmatch(each):
                name = self._known(since["field"], "undefined field {}")
                if name in document and document[name] < since["since"]:
                    return False
            else:
                name, _, value = each.partition(":")
                if value not in document.get(self._known(name, "undefined field {}"), ()):
                    return False
        return True

    def _sorted(self, found: list[Document], order: str) -> list[Document]:
        name, _, direction = order.partition(" ")
        assert direction == "asc"
        if name == "_docid_":
            return found
        self._known(name, "sort param field can't be found: {}")
        if name == self.key and not self.sortable:
            raise Refused(f"can not sort on multivalued field: {name}")
        return sorted(found, key=lambda each: _key(each.get(name, "")))

    def _known(self, name: str, message: str) -> str:
        schema = {name for each in self.documents for name in each} if self.schema is None else self.schema
        if name not in schema:
            raise Refused(message.format(name))
        return name


def _key(value: Any) -> bytes:
    """Strings are sorted by their bytes."""
    return str(value).encode("utf-8", "surrogatepass")


def _listed(document: Document, fields: str) -> Document:
    return document if fields == "*" else {name: document[name] for name in fields.split(",") if name in document}
