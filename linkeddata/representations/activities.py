"""Changes as activities: a collection with pages (Activity Streams 2.0), walked from its last page to its first.

The structure is that of IIIF Change Discovery 1.0, level 2: pages and activities stand in the order of
time, and of each record only the last activity is told, so that who follows reads back to where they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from linkeddata.vocabulary.uris import RECORD, Name, Uris

_CONTEXT: Final = "https://www.w3.org/ns/activitystreams"
PATH: Final = "changes"


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened last to a record: `Create`, `Update` or `Delete`, and when (ISO 8601)."""

    kind: str
    id: str
    title: str
    time: str


def collection(uris: Uris, *, count: int, pages: int) -> bytes:
    """The collection of all activities: where its first and its last page are."""
    edges = {"first": _page(uris, 1), "last": _page(uris, pages)} if pages else {}
    return _written({**_collection(uris), "totalItems": count, **edges})


def collection_page(uris: Uris, activities: Iterable[Activity], *, number: int, pages: int, size: int) -> bytes:
    """A page (from 1) of at most `size` activities, the oldest first."""
    around = {"prev": number - 1} | ({"next": number + 1} if number < pages else {})
    return _written({
        **_page(uris, number),
        "partOf": _collection(uris),
        "startIndex": (number - 1) * size,
        **{name: _page(uris, other) for name, other in around.items() if other},
        "orderedItems": [_activity(uris, each) for each in activities],
    })  # fmt: skip


def _collection(uris: Uris) -> dict[str, Any]:
    return {"id": f"{uris.base}{PATH}", "type": "OrderedCollection"}


def _page(uris: Uris, number: int) -> dict[str, Any]:
    return {"id": f"{uris.base}{PATH}/{number}", "type": "OrderedCollectionPage"}


def _activity(uris: Uris, activity: Activity) -> dict[str, Any]:
    told: dict[str, Any] = {"id": uris.record(activity.id), "type": "Document", "name": activity.title}
    if activity.kind == "Delete":
        told |= {"type": "Tombstone", "formerType": "Document", "deleted": activity.time}
    else:
        told["url"] = uris.document(Name(RECORD, activity.id))
    return {"type": activity.kind, "endTime": activity.time, "object": told}


def _written(members: dict[str, Any]) -> bytes:
    return orjson.dumps({"@context": _CONTEXT, **members}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
