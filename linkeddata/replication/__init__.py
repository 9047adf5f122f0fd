"""Copies of finished editions at a location, and from there in any number of data directories.

editions.json               which editions there are and which of them is to be served; written last
manifests/CHECKSUM.json     the files of an edition, with their sizes and checksums
objects/CHECKSUM            a file; one that several editions have is there once

`open_source` and `open_target` are the doors to a location, `push` and `pull` what is done with it.
"""

from linkeddata.replication.opening import open_source, open_target
from linkeddata.replication.pulling import Pulled, pull, rehearse_pull
from linkeddata.replication.pushing import Pushed, push, rehearse_push

__all__ = ["Pulled", "Pushed", "open_source", "open_target", "pull", "push", "rehearse_pull", "rehearse_push"]
