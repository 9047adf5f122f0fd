"""Fetching, from real servers that misbehave on purpose."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from linkeddata import __version__
from linkeddata.errors import SourceError
from linkeddata.sources.http import AnswerRefused, Fetcher, NotWhole
from linkeddata.sources.refusal import beginning
from linkeddata.sources.unpacking import PIECE, inflated

from .servers import Answer, Script, in_turn, serving

TEXT = b"all of it " * 1000
GOOD = Answer(TEXT)
CHUNKED = {"Transfer-Encoding": "chunked"}
PACKED = {"Content-Encoding": "gzip"}


def fetch(script: Script, path: str = "", **settings: Any) -> tuple[bytes | str, int, list[float]]:
    """The body, or the text of the error less the address; how often was asked, and the pauses."""
    pauses: list[float] = []
    fetcher = Fetcher(**{"delay": 0, "retries": 2, "timeout": 5, "sleep": pauses.append, **settings})
    with serving(script) as server:
        try:
            return fetcher.get(server.url + path), len(server.asked), pauses
        except SourceError as error:
            return str(error).removeprefix(server.url), len(server.asked), pauses


def told(asking: Callable[[], object]) -> str:
    """The text of the error that asking ends with."""
    with pytest.raises(SourceError) as caught:
        asking()
    return str(caught.value)


def stretched(*parts: bytes) -> Answer:
    """A body in chunks, given raw."""
    return Answer(headers=CHUNKED, pieces=parts)


def bare(data: bytes) -> bytes:
    """Deflated without the wrapping of zlib, as some servers do."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        Answer(pieces=[TEXT]),
        stretched(b"5\r\nall o\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(TEXT) - 5, TEXT[5:])),
        Answer(gzip.compress(TEXT), headers=PACKED),
        Answer(gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]), headers=PACKED),
        Answer(zlib.compress(TEXT), headers={"Content-Encoding": "deflate"}),
        Answer(bare(TEXT), headers={"Content-Encoding": "Deflate"}),
    ],
    ids=["length", "until it closes", "chunks", "gzip", "gzip members", "deflate", "bare deflate"],
)
def test_body_comes_whole_and_unpacked(answer: Answer) -> None:
    """However it is sent."""
    assert fetch(in_turn(answer)) == (TEXT, 1, [])


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, *range(PIECE + 20, PIECE + 30), 2 * PIECE + 25])
def test_bare_stream_is_whole_whatever_its_length(length: int) -> None:
    """Also where the last piece of what is packed unpacks to more than one piece: nothing stands behind it."""
    assert b"".join(inflated(iter([bare(b"a" * length)]), "")) == b"a" * length


CUT = {
    "length": Answer(TEXT, length=len(TEXT) + 1),
    "chunk": stretched(b"ff\r\nall"),
    "between chunks": stretched(b"3\r\nall\r\n"),
    "no chunk": stretched(b"zz\r\nall\r\n"),
    "gzip": Answer(gzip.compress(TEXT)[:-9], headers=PACKED),
    "gzip that is none": Answer(TEXT, headers=PACKED),
    "deflate": Answer(zlib.compress(TEXT)[:-9], headers={"Content-Encoding": "deflate"}),
}


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
def test_cut_body_is_asked_for_again(answer: Answer) -> None:
    """After pauses that grow."""
    assert fetch(in_turn(answer, answer, GOOD)) == (TEXT, 3, [1.0, 2.0])


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
def test_body_that_is_always_cut_is_never_given(answer: Answer) -> None:
    """As often as the retries say, and then no more."""
    message, asked, _ = fetch(in_turn(answer))
    assert isinstance(message, str)
    assert (message.endswith("(asked 3 times)"), asked) == (True, 3)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_server_is_asked_again(status: int) -> None:
    """The statuses that pass."""
    assert fetch(in_turn(Answer(status=status), GOOD)) == (TEXT, 2, [1.0])


def test_waiting_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Half a minute of silence would look like a command that hangs."""
    fetch(in_turn(Answer(status=503), GOOD))
    assert [record.getMessage().rpartition("; ")[2] for record in caplog.records] == ["asked again in 1 s"]


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:30 GMT"}, 29.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, 1.0),
        ({"Retry-After": "0"}, 1.0),
        ({"Retry-After": "-5"}, 1.0),
        ({"Retry-After": "soon"}, 1.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 +99999999999999"}, 1.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(headers: dict[str, str], pause: float, status: int) -> None:
    """Seconds or a date by the server's clock; never less than our own pause."""
    assert fetch(in_turn(Answer(status=status, headers=headers), GOOD)) == (TEXT, 2, [pause])


def test_server_that_wants_rest_for_long_gets_it() -> None:
    """The run ends, instead of hanging for a day or knocking too early."""
    message, asked, pauses = fetch(in_turn(Answer(status=503, headers={"Retry-After": "86400"})))
    expected = "/: the server answers 503 Service Unavailable and wants to be left alone for 86400 seconds"
    assert (message, asked, pauses) == (expected, 1, [])


def test_pauses_grow_no_longer_than_a_minute() -> None:
    """So many retries do not become days."""
    assert fetch(in_turn(Answer(status=500)), retries=8)[2] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_requests_are_a_delay_apart() -> None:
    """None before the first, and none on top of a pause."""
    pauses: list[float] = []
    fetcher = Fetcher(delay=0.5, sleep=pauses.append)
    with serving(in_turn(GOOD, GOOD, Answer(status=500), GOOD)) as server:
        for _ in range(3):
            fetcher.get(server.url)
    assert pauses == [0.5, 0.5, 1.0]


def test_silence_is_given_up() -> None:
    """A server that says it will answer, and then does not."""
    over = Event()

    def silence() -> Iterator[bytes]:
        yield b"x"
        over.wait(60)

    with serving(lambda _: Answer(headers={"Content-Length": "9"}, pieces=silence())) as server:
        with pytest.raises(SourceError, match=r"silence for 0\.1 seconds \(asked 2 times\)"):
            Fetcher(timeout=0.1, retries=1, sleep=lambda _: None).get(server.url)
        over.set()


def test_body_that_trickles_without_end_is_given_up() -> None:
    """By the clock, though there is never a silence."""
    ticks = itertools.count(0, 30)
    message, asked, _ = fetch(in_turn(Answer(pieces=itertools.repeat(b"x" * 9))), clock=lambda: next(ticks))
    assert (message, asked) == ("/: no end of the body after 100 seconds", 1)


@pytest.mark.parametrize(
    "answer",
    [Answer(pieces=itertools.repeat(bytes(65536))), Answer(gzip.compress(bytes(64 << 20)), headers=PACKED)],
    ids=["endless", "gzip bomb"],
)
def test_body_over_the_limit_is_refused_in_bounded_memory(answer: Answer) -> None:
    """And not asked for again."""
    tracemalloc.start()
    try:
        outcome = fetch(in_turn(answer), limit=1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome == ("/: longer than 1 MiB", 1, [])
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            Answer(b"<title>404</title><p>No <b>such</b> set\x1b[2J", 404, {"Content-Type": "text/html"}),
            "/?api_key=***: the server answers 404 Not Found: No such set [2J",
        ),
        (Answer(b"\0", 403, {"Content-Type": "image/png"}), "/?api_key=***: the server answers 403 Forbidden"),
        (
            Answer(gzip.compress(b'{"error": "no"}'), 400, {**PACKED, "Content-Type": "application/json"}),
            '/?api_key=***: the server answers 400 Bad Request: {"error": "no"}',
        ),
        (
            Answer(b"x", 400, {**PACKED, "Content-Type": "text/plain"}),
            "/?api_key=***: the server answers 400 Bad Request",
        ),
        (Answer(TEXT, 206, {"Content-Type": ""}), "/?api_key=***: the server answers 206 Partial Content"),
        (
            Answer(TEXT, headers={"Content-Encoding": "br"}),
            "/?api_key=***: packed in a way that was not asked for: 'br'",
        ),
    ],
)
def test_refusal_is_told_at_once(answer: Answer, message: str) -> None:
    """With the beginning of its text, if it is one, and without what is secret in the address."""
    assert fetch(in_turn(answer), "?api_key=abc") == (message, 1, [])


def test_refusal_costs_no_more_time_than_an_answer() -> None:
    """A body that trickles is read for so long by the clock, and told as far as it came."""
    ticks = itertools.count(0, 1000)
    answer = Answer(status=404, pieces=itertools.repeat(b"x" * 9))
    message, asked, _ = fetch(in_turn(answer), clock=lambda: next(ticks))
    assert str(message).startswith("/: the server answers 404 Not Found: xxx")
    assert (asked, next(ticks)) == (1, 2000)


def test_refusal_keeps_status_and_body() -> None:
    """For protocols that say more in it."""
    with serving(in_turn(Answer(b"<no/>", 422))) as server, pytest.raises(AnswerRefused) as caught:
        Fetcher().get(server.url)
    assert (caught.value.status, caught.value.body) == (422, b"<no/>")


@pytest.mark.parametrize("location", ["/there", "there?x=1", "//{host}/there", "http://{host}/there"])
def test_redirect_within_the_host_is_followed(location: str) -> None:
    """With the credentials that the first request had."""
    with serving(lambda asked: moved.get(asked.target, GOOD)) as server:
        host = server.url.removeprefix("http://")
        moved = {"/": Answer(status=302, headers={"Location": location.format(host=host)})}
        assert Fetcher(delay=0).get(server.url.replace("//", "//me:pw@")) == TEXT
    assert [each.headers["Authorization"] for each in server.asked] == ["Basic bWU6cHc="] * 2


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "file:///etc/passwd: not an address that can be asked"),
        ("ftp://127.0.0.1/", "not an address that can be asked"),
        ("{canary}/?key=1", "redirects to another place, {canary}/?key=***; if that is right, configure it"),
        ("http://169.254.169.254/", "redirects to another place"),
        ("/", "redirects again and again"),
        ("http://[::1", "redirects to what is no address"),
    ],
)
def test_redirect_to_elsewhere_is_refused(location: str, reason: str) -> None:
    """Nobody else is asked, whoever they are."""
    with serving(in_turn(GOOD)) as canary:
        answer = Answer(status=302, headers={"Location": location.format(canary=canary.url)})
        message, _, pauses = fetch(in_turn(answer))
    assert isinstance(message, str)
    assert reason.format(canary=canary.url) in message
    assert (canary.asked, pauses) == ([], [])


def test_form_is_posted() -> None:
    """Each value encoded once; a redirect that keeps the method is followed with it."""
    with serving(in_turn(Answer(status=307, headers={"Location": "/other"}), GOOD)) as server:
        assert Fetcher(delay=0).post(f"{server.url}/select?a=1", [("q", "a&b=ü"), ("wt", "json")]) == TEXT
    assert [each.body for each in server.asked] == [b"q=a%26b%3D%C3%BC&wt=json"] * 2
    assert [(each.method, each.target) for each in server.asked] == [("POST", "/select?a=1"), ("POST", "/other")]


def test_form_is_not_lost_on_the_way() -> None:
    """A redirect that makes a GET of it would ask another question."""
    with serving(in_turn(Answer(status=302, headers={"Location": "/other"}))) as server:
        message = told(lambda: Fetcher().post(server.url, [("q", "x")]))
    assert "a redirect (302) of a form" in message


def test_request_names_its_software_and_encodes_parameters_once() -> None:
    """Behind those that the address has already."""
    with serving(in_turn(GOOD)) as server:
        Fetcher().get(f"{server.url}/oai?db=1#there", [("token", "a&b=c d%20+é")])
    [asked] = server.asked
    assert asked.target == "/oai?db=1&token=a%26b%3Dc%20d%2520%2B%C3%A9"
    assert (asked.headers["User-Agent"], asked.headers["Accept-Encoding"]) == (
        f"linkeddata/{__version__}",
        "gzip, deflate",
    )


def test_password_is_sent_and_never_shown() -> None:
    """Neither that of the settings nor that of the address."""
    word = "hush"
    with serving(in_turn(Answer(status=401))) as server, pytest.raises(SourceError) as caught:
        Fetcher(user="bü", password=word).get(server.url.replace("//", "//you:hush@"))
    assert server.asked[0].headers["Authorization"] == "Basic YsO8Omh1c2g="
    assert word not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "nonsense",
        "",
        "http://",
        "http://[::1",
        "http://h:99999/",
        "http://a b/",
        "file:///x",
        "me:hush@example.org/",
        "https//me:hush@example.org/",
    ],
)
def test_address_that_is_none_is_refused(url: str) -> None:
    """Before anything is asked, and without a password that it may hold."""
    with pytest.raises(SourceError, match="not an address that can be asked") as caught:
        Fetcher(retries=0).get(url)
    assert "hush" not in str(caught.value)


def test_server_that_is_not_there_is_named() -> None:
    """After all retries."""
    pauses: list[float] = []
    with serving(in_turn(GOOD)) as server:
        pass
    with pytest.raises(SourceError, match=r"Connection refused \(asked 3 times\)"):
        Fetcher(retries=2, sleep=pauses.append).get(server.url)
    assert pauses == [1.0, 2.0]


def test_connection_that_is_not_encrypted_is_not_taken_for_one() -> None:
    """Nor is one without a certificate."""
    with serving(in_turn(GOOD)) as server, pytest.raises(SourceError, match="SSL"):
        Fetcher(retries=0).get(server.url.replace("http:", "https:"))


def test_reader_may_ask_for_another_answer() -> None:
    """Where the body is whole to HTTP, and yet not all there."""

    def reader(body: bytes) -> str:
        if body != TEXT:
            raise NotWhole("half of it")
        return "read"

    with serving(in_turn(Answer(b"half"), GOOD)) as server:
        assert Fetcher(sleep=lambda _: None).read(server.url, (), reader) == "read"
        assert len(server.asked) == 2


def test_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own credentials."""
    with serving(in_turn(GOOD)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//me:pw@"))
        monkeypatch.setenv("no_proxy", "")
        assert Fetcher().get("http://example.invalid/oai?verb=Identify") == TEXT
    [asked] = proxy.asked
    assert asked.target == "http://example.invalid/oai?verb=Identify"
    assert asked.headers["Proxy-Authorization"] == "Basic bWU6cHc="


def test_host_that_is_exempt_is_asked_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a repository in the house is."""
    with serving(in_turn(Answer(b"by proxy"))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert fetch(in_turn(GOOD)) == (TEXT, 1, [])


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (b"<style>p {}</style>Down &amp; out", "text/html; charset=utf-8", "Down & out"),
        (b"a\n\tb\x07", "text/plain", "a b"),
        (b"x" * 900, "application/json", "x" * 200 + "…"),
        (b"\x89PNG", "image/png", ""),
        (b"Down<script>let no", "text/html", "Down"),
        (b"Down" + b"<!--" * 16_000, "text/html", "Down"),
    ],
)
def test_beginning_of_a_refusal_is_short_and_plain(body: bytes, kind: str, text: str) -> None:
    """One line, no markup, nothing that a terminal obeys."""
    assert beginning(body, kind) == text
