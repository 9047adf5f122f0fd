"""Record to triples: the crosswalk from the source's fields to Dublin Core and BIBO.

The check of what comes of it has a door of its own, `shapes`, so that who only translates does not load it.
"""

from linkeddata.crosswalk.mapper import Crosswalk, Mapping, bundled_profile
from linkeddata.crosswalk.profile import Profile, load_profile
from linkeddata.crosswalk.schemes import vocabulary_statements
from linkeddata.crosswalk.sheet import Note

__all__ = ["Crosswalk", "Mapping", "Note", "Profile", "bundled_profile", "load_profile", "vocabulary_statements"]
