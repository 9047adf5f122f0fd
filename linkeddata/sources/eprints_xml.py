"""EPrints 3 XML exports: the elements of a record to the same nested values that the JSON export has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkeddata.record import Reading
from linkeddata.sources.eprints import read_eprint
from linkeddata.sources.xml import Element, local_name, text_of

NAMESPACE = "{http://eprints.org/ep2/data/2.0}"
ELEMENTS = (f"{NAMESPACE}eprint",)
_OF_LISTS = frozenset({"item", "document", "file"})


def read_eprints(elements: Iterator[Element], name: str) -> Iterator[Reading]:
    """What each `eprint` says; its `id` attribute is the URI that JSON has under `uri`."""
    for element in elements:
        values = nested(element)
        record = values if isinstance(values, dict) else {}
        if uri := element.get("id"):
            record = {"uri": uri, **record}
        yield read_eprint(record, f"{name}:{element.sourceline}")


def nested(element: Element) -> Any:
    """Text, a list (of `item` elements) or an object, as the elements within an element have it."""
    if not len(element):
        return text_of(element)
    if all(local_name(child) in _OF_LISTS for child in element):
        return [nested(child) for child in element]
    return {local_name(child): nested(child) for child in element}
