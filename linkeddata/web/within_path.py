"""A site below a path of its host, asked with that path or without."""

from __future__ import annotations


def within(path: str, root: str) -> str:
    """The path of a request below the base URI's path, its `root`.

    It is asked for with the root and without it alike: a proxy may take that off, localhost does not.

    >>> within("/lod/data", "/lod/"), within("/lod", "/lod/"), within("/data", "/lod/"), within("", "/")
    ('/data', '/', '/data', '/')
    """
    # Without any path (RFC 9112, section 3.2.2) the first page is meant; Flask would lead to it by the Host header.
    if not path or f"{path}/" == root:
        return "/"
    return path[len(root) - 1 :] if path.startswith(root) else path
