"""Publish library and repository records as linked data.

The house is described in `README.md`; records come in through `sources`, are translated by
`crosswalk`, issued as editions by `catalogue`, and leave through `representations` and `web`.
"""

from importlib.util import find_spec

__version__ = "0.1.0"


def is_compiled() -> bool:
    """Whether the modules in which a load spends its time run in their compiled form (`docs/performance.md`)."""
    found = find_spec("linkeddata.vocabulary.ntriples")
    return found is not None and not str(found.origin).endswith(".py")
