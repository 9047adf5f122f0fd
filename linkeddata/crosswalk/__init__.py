"""Record to triples: the crosswalk from the source's fields to Dublin Core and BIBO.

The check of what comes of it has a door of its own, `shapes`, so that who only translates does not load it.
"""

from linkeddata.crosswalk.assembly import load_profile
from linkeddata.crosswalk.mapper import Crosswalk, Mapping, bundled_profile, profile_with
from linkeddata.crosswalk.mined import MINING_VERSION
from linkeddata.crosswalk.profile import Profile
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
    "profile_with",
    "vocabulary_statements",
]
