"""Publish library and repository records as linked data.

The house is described in `README.md`; records come in through `sources`, are translated by
`crosswalk`, issued as editions by `catalogue`, and leave through `representations` and `web`.
"""

__version__ = "0.1.0"
