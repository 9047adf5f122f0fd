"""Places on the map: bounding boxes as Solr writes them, published as well-known text."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from linkeddata.crosswalk.profile import Rule
from linkeddata.crosswalk.sheet import A, Origin, Sheet
from linkeddata.crosswalk.text import is_absent, label
from linkeddata.crosswalk.values import LOCATION
from linkeddata.vocabulary.ntriples import Token, literal_token, uri_token
from linkeddata.vocabulary.terms import DCAT, GEO, RDFS

_BBOX, _LABEL = uri_token(DCAT.bbox), uri_token(RDFS.label)
_WKT: Final = uri_token(GEO.wktLiteral)
_NUMBER: Final = r"\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
# Solr's spatial fields: west, east, north, south.
_ENVELOPE: Final = re.compile(rf"ENVELOPE\s*\({_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}\)", re.IGNORECASE)
_WIDEST, _HIGHEST = 180, 90


def areas(sheet: Sheet, rule: Rule) -> None:
    """Places by their bounding boxes, each with the label at its position in the field's `_label`.

    A place is named by its label; one without a label by its box.
    """
    field, fields = rule.fields[0], sheet.record.fields
    boxes = fields.get(field, ())
    for box, name in zip_longest(boxes, fields.get(f"{field}_label", ())[: len(boxes)], fillvalue=""):
        if is_absent(box):
            continue
        sheet.now = Origin(field, box, rule.place)
        shape = wkt(label(box))
        if shape is None:
            sheet.refuse(field, box, "not ENVELOPE(west,east,north,south) in degrees")
        else:
            sheet.say(rule.predicate, _place(sheet, shape, "" if is_absent(name) else label(name)))


def _place(sheet: Sheet, shape: str, name: str) -> Token:
    uri = uri_token(sheet.uris.minted("place", name or shape))
    sheet.state(uri, A, LOCATION)
    sheet.state(uri, _BBOX, literal_token(shape, datatype=_WKT))
    if name:
        sheet.state(uri, _LABEL, literal_token(name))
    return uri


def wkt(text: str) -> str | None:
    """An envelope as well-known text, longitude first (CRS84), or None.

    One without width and height is a point, one without either a line; one over the antimeridian is
    two boxes.

    >>> wkt("ENVELOPE(-10,5.5,60,50)")
    'POLYGON((-10 50, 5.5 50, 5.5 60, -10 60, -10 50))'
    >>> wkt("ENVELOPE(4,4,51,51)"), wkt("ENVELOPE(4,4,51,91)"), wkt("ENVELOPE(4,5,50,51)")
    ('POINT(4 51)', None, None)
    """
    found = _ENVELOPE.fullmatch(text)
    if not found:
        return None
    west, east, north, south = (number.removeprefix("+") for number in found.groups())
    w, e, n, s = map(float, (west, east, north, south))
    if max(abs(w), abs(e)) > _WIDEST or max(abs(n), abs(s)) > _HIGHEST or s > n:
        return None
    if w > e:
        rings = _ring(west, "180", south, north), _ring("-180", east, south, north)
        return f"MULTIPOLYGON({', '.join(rings)})" if n > s else None
    if w == e or n == s:
        return f"POINT({west} {south})" if w == e and n == s else f"LINESTRING({west} {south}, {east} {north})"
    return f"POLYGON{_ring(west, east, south, north)}"


def _ring(west: str, east: str, south: str, north: str) -> str:
    """Counter-clockwise, as the outer ring of a polygon runs."""
    corners = (west, south), (east, south), (east, north), (west, north), (west, south)
    return f"(({', '.join(f'{x} {y}' for x, y in corners)}))"
