"""The concept schemes that the crosswalk uses: statements that no single record makes."""

from __future__ import annotations

from linkeddata.crosswalk.profile import Profile
from linkeddata.crosswalk.sheet import PREF_LABEL, A
from linkeddata.vocabulary import ontology
from linkeddata.vocabulary.ntriples import Statement, literal_token, uri_token
from linkeddata.vocabulary.terms import SKOS
from linkeddata.vocabulary.uris import Uris

_SCHEME = uri_token(SKOS.ConceptScheme)
#: Schemes that the code names; the others stand in the tables.
_BUILT_IN = ("name", "format", "era")


def schemes(profile: Profile) -> list[str]:
    """The keys of all schemes, in order."""
    rules = (*profile.record, *profile.document, *profile.source)
    named = {rule.scheme for rule in rules if rule.scheme} | {about.scheme for about in profile.about}
    return sorted(named.union(_BUILT_IN))


def vocabulary_statements(uris: Uris, profile: Profile) -> list[Statement]:
    """What is said of the concept schemes: class and English label."""
    labels, found = ontology.labels(), list[Statement]()
    for key in schemes(profile):
        uri = uri_token(uris.scheme(key))
        found.append((uri, A, _SCHEME))
        found.append((uri, PREF_LABEL, literal_token(labels.get(f"scheme:{key}", key), language="en")))
    return found
