"""Record to triples: the crosswalk from the source's fields to Dublin Core and BIBO."""

from linkeddata.crosswalk.mapper import Crosswalk, Mapping, bundled_profile
from linkeddata.crosswalk.mined import MINING_VERSION
from linkeddata.crosswalk.profile import Profile, load_profile
from linkeddata.crosswalk.schemes import vocabulary_statements
from linkeddata.crosswalk.sheet import Note, Origin

__all__ = [
    "MINING_VERSION",
    "Crosswalk",
    "Mapping",
    "Note",
    "Origin",
    "Profile",
    "bundled_profile",
    "load_profile",
    "vocabulary_statements",
]
