"""The concept schemes that the crosswalk uses: statements that no single record makes."""

from __future__ import annotations

from rdflib import Literal, URIRef

from linkeddata.crosswalk.profile import Profile
from linkeddata.crosswalk.sheet import PREF_LABEL, A
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Triple
from linkeddata.vocabulary.terms import SKOS
from linkeddata.vocabulary.uris import Uris

_SCHEME = URIRef(SKOS.ConceptScheme)
#: Schemes that the code names; the others stand in the tables.
_BUILT_IN = ("name", "format", "era")


def schemes(profile: Profile) -> list[str]:
    """The keys of all schemes, in order."""
    rules = (*profile.record, *profile.document, *profile.source)
    named = {rule.scheme for rule in rules if rule.scheme} | {about.scheme for about in profile.about}
    return sorted(named.union(_BUILT_IN))


def vocabulary_statements(uris: Uris, profile: Profile) -> list[Triple]:
    """What is said of the concept schemes: class and English label."""
    labels, found = ontology.labels(), list[Triple]()
    for key in schemes(profile):
        uri = uris.scheme(key)
        found.append((uri, A, _SCHEME))
        found.append((uri, PREF_LABEL, Literal(labels.get(f"scheme:{key}", key), lang="en")))
    return found
