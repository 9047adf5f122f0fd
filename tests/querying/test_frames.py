"""Messages between the pool and its query processes."""

from __future__ import annotations

import io

import pytest

from linkeddata.querying import frames

HEAD, BODY = {"status": "done", "rows": 3}, b"\x00 body \xff" * 9


@pytest.mark.parametrize("body", [BODY, b""], ids=["body", "none"])
@pytest.mark.parametrize("size", [1, 3, 8, 50, 10_000])
def test_message_may_be_cut_anywhere(size: int, body: bytes) -> None:
    """It is there with its last piece and not before, head and body as they were."""
    whole = frames.start(HEAD, len(body)) + body
    arriving = frames.Arriving()
    *before, last = [arriving.add(whole[at : at + size]) for at in range(0, len(whole), size)]
    assert last == (HEAD, body)
    assert before == [None] * len(before)


def test_what_is_wanted_is_never_more_than_the_message_has() -> None:
    """From its head on, so that a body of megabytes is read into one place."""
    body = b"x" * 3_000_000
    file, arriving, sizes = io.BytesIO(frames.start(HEAD, len(body)) + body), frames.Arriving(), list[int]()
    while (message := arriving.add(file.read(arriving.wanted))) is None:
        sizes.append(arriving.wanted)
    assert message == (HEAD, body) and file.read() == b""
    assert all(size <= 1 << 20 for size in sizes) and len(sizes) == 3


def test_messages_are_read_one_by_one_until_there_are_no_more() -> None:
    file = io.BytesIO((frames.start(HEAD, len(BODY)) + BODY) * 2)
    assert [frames.read(file) for _ in range(3)] == [(HEAD, BODY), (HEAD, BODY), None]
