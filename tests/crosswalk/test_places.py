"""Places on the map: envelopes as well-known text, and the places that have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkeddata.crosswalk.places import wkt
from linkeddata.vocabulary.uris import mint


@pytest.mark.parametrize(
    ("envelope", "shape"),
    [
        ("ENVELOPE(-10,5.5,60,50)", "POLYGON((-10 50, 5.5 50, 5.5 60, -10 60, -10 50))"),
        ("envelope ( -10 , 5.50 , +60 , 50 )", "POLYGON((-10 50, 5.50 50, 5.50 60, -10 60, -10 50))"),
        ("ENVELOPE(129.95348029,129.95348029,-55.29,-55.29)", "POINT(129.95348029 -55.29)"),
        ("ENVELOPE(4,4,52,51)", "LINESTRING(4 51, 4 52)"),
        ("ENVELOPE(-180,180,90,-90)", "POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"),
        (
            "ENVELOPE(170,-170,1,0)",
            "MULTIPOLYGON(((170 0, 180 0, 180 1, 170 1, 170 0)), ((-180 0, -170 0, -170 1, -180 1, -180 0)))",
        ),
        ("ENVELOPE(170,-170,1,1)", None),
        ("ENVELOPE(181,182,1,0)", None),
        ("ENVELOPE(0,1,90.5,0)", None),
        ("ENVELOPE(0,1,0,1)", None),
        ("ENVELOPE(0,1,0)", None),
        ("ENVELOPE(a,1,1,0)", None),
        ("ENVELOPE(1e1,20,1,0)", None),
        ("POINT(1 2)", None),
        ("1,2", None),
        ("", None),
    ],
)
def test_envelope_is_well_known_text_or_nothing(envelope: str, shape: str | None) -> None:
    assert wkt(envelope) == shape


degrees = st.decimals(-200, 200, places=3).map(str)


@given(degrees, degrees, degrees, degrees)
def test_shape_stays_on_the_globe(west: str, east: str, north: str, south: str) -> None:
    """Whatever the numbers, what is published lies within the bounds and inside the envelope's latitudes."""
    shape = wkt(f"ENVELOPE({west},{east},{north},{south})")
    if shape is not None:
        pairs = re.findall(r"(-?[0-9.]+) (-?[0-9.]+)", shape)
        assert pairs and all(-180 <= float(x) <= 180 and float(south) <= float(y) <= float(north) for x, y in pairs)
        assert -90 <= float(south) <= float(north) <= 90


def test_labels_stand_at_the_position_of_their_box(tell: Callable[..., Any]) -> None:
    """A placeholder or a wrong box moves none of them."""
    boxes = ["ENVELOPE(1,1,4,4)", "nowhere", "", "ENVELOPE(2,2,4,4)", "ENVELOPE(3,3,4,4)"]
    told = tell(long_lat=boxes, long_lat_label=["One", "No", "None", "", "Three", "too many"])
    places = [f"id/place/{mint(name)}" for name in ("One", "POINT(2 4)", "Three")]
    assert told("dcterms:spatial") == places
    assert [told("rdfs:label", uri) for uri in places] == [["One"], [], ["Three"]]
    assert [told("rdf:type", uri) for uri in places] == [["dcterms:Location"]] * 3
    assert told("dcat:bbox", places[0]) == ["POINT(1 4)^^geo:wktLiteral"]
    assert told.notes == [("long_lat", "nowhere")]
