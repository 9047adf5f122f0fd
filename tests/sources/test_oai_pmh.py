"""Live OAI-PMH, from repositories on loopback that answer with real pages, and misbehave on purpose."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from linkeddata.errors import ConfigurationError, SourceError
from linkeddata.record import Deletion, Presence, Reading, Record, Refusal
from linkeddata.sources.harvest import Endpoint, Harvest
from linkeddata.sources.http import Fetcher
from linkeddata.sources.oai_pmh import open_oai_pmh

from .servers import Answer, Asked, Script, in_turn, serving

SECONDS, DAYS = "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"
NOW = "2026-01-31T12:00:00Z"
SINCE = "2026-01-01T00:00:00Z"
NONE = '<error code="noRecordsMatch">none</error>'
LOST = '<error code="badResumptionToken">gone</error>'

#: A page by the token that asks for it; the first by the empty one.
Pages = Mapping[str, Answer | Script]


def xml(inner: str, date: str = NOW) -> Answer:
    """An answer of a repository."""
    namespace = "http://www.openarchives.org/OAI/2.0/"
    return Answer(f'<OAI-PMH xmlns="{namespace}"><responseDate>{date}</responseDate>{inner}</OAI-PMH>'.encode())


def record(name: str, title: str = "T") -> str:
    return (
        f"<record><header><identifier>{name}</identifier><datestamp>2026-01-02</datestamp></header><metadata>"
        '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:e="http://purl.org/dc/elements/1.1/">'
        f"<e:title>{title}</e:title></dc></metadata></record>"
    )


def deleted(name: str) -> str:
    header = f"<identifier>{name}</identifier><datestamp>2026-01-03</datestamp>"
    return f'<record><header status="deleted">{header}</header></record>'


def header(name: str, status: str = "") -> str:
    return f"<header {status}><identifier>{name}</identifier><datestamp>2026-01-02</datestamp></header>"


def page(*records: str, then: str | None = None, size: int | None = None, verb: str = "ListRecords") -> Answer:
    stated = f' completeListSize="{size}"' if size is not None else ""
    ending = "" if then is None else f"<resumptionToken{stated}>{then}</resumptionToken>"
    return xml(f"<{verb}>{''.join(records)}{ending}</{verb}>")


def repository(
    records: Pages, *, identifiers: Pages | None = None, granularity: str = SECONDS, deletions: str = "persistent"
) -> Script:
    """One that answers by its tables of pages."""
    identify = f"<granularity>{granularity}</granularity><deletedRecord>{deletions}</deletedRecord>"
    lists = {"ListRecords": records, "ListIdentifiers": identifiers or {}}

    def script(asked: Asked) -> Answer:
        question = asked.parameters
        if question["verb"] == "Identify":
            return xml(f"<Identify>{identify}</Identify>")
        if question["verb"] not in lists:
            return xml("<ListMetadataFormats><metadataPrefix>oai_dc</metadataPrefix></ListMetadataFormats>")
        answer = lists[question["verb"]][question.get("resumptionToken", "")]
        return answer if isinstance(answer, Answer) else answer(asked)

    return script


class Run:
    """A harvest of a repository, and how it went."""

    def __init__(self, script: Script, since: str | None = None, **settings: Any) -> None:
        self.pauses: list[float] = []
        self.readings: list[Reading] = []
        self.error = ""
        fetcher = Fetcher(delay=0, retries=2, timeout=5, limit=1 << 20, sleep=self.pauses.append)
        with serving(script) as self.server:
            endpoint = Endpoint("eprints", "oai-pmh", f"{self.server.url}/oai?key=1", **settings)
            self.harvest: Harvest = open_oai_pmh(endpoint, since, fetcher=fetcher)
            self._follow()

    def _follow(self) -> None:
        try:
            self.readings.extend(self.harvest)
        except SourceError as error:
            self.error = str(error).replace(self.server.url, "")

    @property
    def ids(self) -> list[str | None]:
        return [each.id for each in self.readings]

    @property
    def questions(self) -> list[dict[str, str]]:
        """All but the one to Identify, without what stands in the address already."""
        asked = [{name: value for name, value in each.items() if name != "key"} for each in self.server.questions]
        return [each for each in asked if each["verb"] != "Identify"]

    @property
    def outcome(self) -> tuple[str | None, bool]:
        return self.harvest.mark, self.harvest.complete


@pytest.fixture(scope="session")
def real(shared: Path) -> Callable[[str], Answer]:
    """The real answer of this name."""
    return lambda name: Answer((shared / "data/oai" / f"listrecords_{name}.xml").read_bytes())


@pytest.fixture(scope="session")
def four_pages(real: Callable[[str], Answer]) -> Pages:
    """A real list of eight records; the last has a deletion that names no record."""
    names = {"": "page1_deleted_token", **{f"ListRecords{number}.xml": f"page{number}" for number in (2, 3, 4)}}
    return {token: real(name) for token, name in names.items()}


def test_real_pages_are_followed_to_the_end(four_pages: Pages) -> None:
    """Each reading says from where and from whom it is."""
    run = Run(repository(four_pages))
    assert [type(each) for each in run.readings] == [Deletion, Record] * 3 + [Refusal, Record]
    assert (run.error, run.harvest.total, {each.source for each in run.readings}) == ("", 8, {"eprints"})
    last = run.readings[-1]
    assert isinstance(last, Record)
    assert last.place == "eprints: page 4, record 2"


def test_real_page_is_read_as_its_file_is(real: Callable[[str], Answer]) -> None:
    """A deletion has the time of it; a whole run that ended is complete."""
    run = Run(repository({"": real("dspace_2004_deleted")}))
    kinds = [type(each) for each in run.readings]
    assert (kinds.count(Record), kinds.count(Deletion), run.outcome) == (79, 2, ("2026-01-31T11:45:00Z", True))
    assert Deletion("hdl:1765/1160", "2004-02-16T13:29:54Z", source="eprints") in run.readings


def test_resumption_token_stands_alone() -> None:
    """It is the only other argument (OAI-PMH 2.0, 3.5)."""
    run = Run(repository({"": page(record("a"), then="t"), "t": page(record("b"), then="")}), sets=("s",))
    assert run.questions == [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "s"},
        {"verb": "ListRecords", "resumptionToken": "t"},
    ]


@pytest.mark.parametrize("token", ["a&b=c", "x y+z", "metadataPrefix%3Doai_dc%26offset%3D100", "!!!col_1/2?", "é#"])
def test_token_comes_back_as_it_was(token: str) -> None:
    """Whatever is in it: encoded once."""
    written = token.replace("&", "&amp;")
    run = Run(repository({"": page(record("a"), then=written), token: page(record("b"))}))
    assert (run.error, run.ids) == ("", ["a", "b"])


@pytest.mark.parametrize(
    ("granularity", "since", "asked", "mark"),
    [
        (SECONDS, SINCE, SINCE, "2026-01-31T11:45:00Z"),
        (SECONDS, "2026-01-01", SINCE, "2026-01-31T11:45:00Z"),
        (SECONDS, "2026-01-01T01:30:00+01:30", SINCE, "2026-01-31T11:45:00Z"),
        (DAYS, "2026-01-01T23:59:59Z", "2026-01-01", "2026-01-30T00:00:00Z"),
        ("", SINCE, "2026-01-01", "2026-01-30T00:00:00Z"),
    ],
)
def test_times_are_in_the_granularity_of_the_repository(granularity: str, since: str, asked: str, mark: str) -> None:
    """And the next run begins a little before this one did, by the clock of the repository."""
    run = Run(repository({"": page(record("a"))}, granularity=granularity), since)
    assert [each["from"] for each in run.questions] == [asked]
    assert run.outcome == (mark, False)


@pytest.mark.parametrize("date", ["", "yesterday", "0001-01-01T00:00:00Z"])
def test_repository_without_a_clock_gives_no_mark(date: str) -> None:
    """So the next run begins anew, rather than by a clock of ours."""
    script = repository({"": page(record("a"))})
    run = Run(lambda asked: xml("<Identify/>", date) if asked.parameters["verb"] == "Identify" else script(asked))
    assert (run.error, run.ids, run.outcome) == ("", ["a"], (None, True))


WHOLE = page(record("b"), record("c"), then="", size=3)
FAULTS = {
    "length": Answer(WHOLE.body, length=len(WHOLE.body) + 9),
    "cut with the right length": Answer(WHOLE.body[:-200]),
    "cut in the first tag": Answer(WHOLE.body[:20]),
    "nothing": Answer(),
    "cut without a length": Answer(pieces=[WHOLE.body[:-200]]),
    "cut gzip": Answer(gzip.compress(WHOLE.body)[:-20], headers={"Content-Encoding": "gzip"}),
    "500": Answer(status=500),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_faulty_answer_is_asked_for_again(fault: Answer) -> None:
    """And no record is lost by it."""
    run = Run(repository({"": page(record("a"), then="t", size=3), "t": in_turn(fault, fault, WHOLE)}))
    assert (run.error, run.ids, run.pauses) == ("", ["a", "b", "c"], [1.0, 2.0])
    assert run.outcome == ("2026-01-31T11:45:00Z", True)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_answer_that_stays_faulty_breaks_the_run_off(fault: Answer) -> None:
    """The mark stays where it was; nothing of half an answer is given."""
    run = Run(repository({"": page(record("a"), then="t"), "t": fault}))
    assert (run.ids, run.outcome) == (["a"], (None, False))
    assert run.error.startswith("eprints: page 2: /oai?key=***&verb=ListRecords&resumptionToken=t: ")
    assert run.error.endswith("(asked 3 times)")


@pytest.mark.parametrize("status", [429, 503])
def test_repository_that_is_busy_is_left_alone_as_long_as_it_says(status: int) -> None:
    """Flow control (OAI-PMH 2.0, 3.1.2.2)."""
    run = Run(repository({"": in_turn(Answer(status=status, headers={"Retry-After": "42"}), page(record("a")))}))
    assert (run.ids, run.pauses) == (["a"], [42.0])


def test_forgotten_token_begins_the_list_anew_once() -> None:
    """Records that are met twice do no harm."""
    run = Run(repository({"": page(record("a"), then="t", size=2), "t": in_turn(xml(LOST), page(record("b")))}))
    assert (run.error, run.ids, run.harvest.complete) == ("", ["a", "a", "b"], True)


def test_token_that_is_always_forgotten_breaks_the_run_off() -> None:
    """With the words of the repository."""
    run = Run(repository({"": page(record("a"), then="t"), "t": xml(LOST)}))
    assert run.error == "eprints: page 2: badResumptionToken: gone, also after a new beginning"
    assert (len(run.questions), run.outcome) == (4, (None, False))


@pytest.mark.parametrize("byte", ["\x0b", "\x00", "&nbsp;", "<b>"])
def test_bad_byte_is_named_with_its_place(byte: str) -> None:
    """Nothing is repaired, and a fault that is no cut is not asked for again."""
    run = Run(repository({"": page(record("a"), then="t"), "t": page(record("b", f"\n\n{byte}"))}))
    place = "eprints: page 2: not well-formed XML at line 3: "
    assert (run.error.startswith(place), "(column " in run.error) == (True, True)
    assert (len(run.questions), run.ids, run.outcome) == (2, ["a"], (None, False))


@pytest.mark.parametrize("answer", [xml(NONE), page(), Answer(xml(NONE).body, 422)], ids=["error", "empty", "422"])
def test_no_records_match_means_none(answer: Answer) -> None:
    """Also with a status of HTTP, as Invenio sends it."""
    run = Run(repository({"": answer}), SINCE)
    assert (run.error, run.readings, run.outcome) == ("", [], ("2026-01-31T11:45:00Z", False))


@pytest.mark.parametrize(
    ("sizes", "error", "complete"),
    [
        ((2, None), "", True),
        ((1, 1), "", True),
        ((3, 3), "eprints: page 2: the list ended after 2 records, of 3 that it should have", False),
        ((9, None), "eprints: page 2: the list ended after 2 records, of 9 that it should have", False),
        ((9, 3), "eprints: page 2: the list ended after 2 records, of 3 that it should have", False),
        ((9, 2), "", False),
    ],
)
def test_list_that_is_too_short_breaks_the_run_off(sizes: tuple[int | None, ...], error: str, complete: bool) -> None:
    """A number that is revised is an estimate: the least counts, but who is absent is not known to be gone."""
    first, last = sizes
    run = Run(repository({"": page(record("a"), then="t", size=first), "t": page(deleted("b"), then="", size=last)}))
    assert (run.error, run.outcome) == (error, (None if error else "2026-01-31T11:45:00Z", complete))


def test_real_list_that_ends_after_its_first_page_is_not_taken_for_all(real: Callable[[str], Answer]) -> None:
    """A hundred articles of two million."""
    answer = real("doaj_2017_token")
    run = Run(repository({"": answer, "eyJtIjogIm9haV9kb2FqIiwgIm4iOiAxMDB9": xml(NONE)}), metadata_prefix="oai_doaj")
    assert (len(run.readings), run.harvest.total) == (100, 2_460_909)
    assert run.error == "eprints: page 2: the list ended after 100 records, of 2,460,909 that it should have"


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ({"": page(record("a"), then="t"), "t": page(record("a"), then="t")}, "page 2: the list goes round in a"),
        ({"": page(record("a"), then="x" * 16_385)}, "page 1: a resumption token of 16,385 characters"),
    ],
)
def test_token_that_leads_nowhere_breaks_the_run_off(pages: Pages, reason: str) -> None:
    """Instead of asking for ever."""
    run = Run(repository(pages))
    assert (reason in run.error, run.outcome) == (True, (None, False))


class Everlasting(dict[str, Answer]):
    """A page behind every token, and a token of its own in each."""

    def __missing__(self, token: str) -> Answer:
        return page(then=f"{token}x")


def test_empty_page_with_a_token_goes_on() -> None:
    """Some repositories sort out what may not be seen only after they have made their pages."""
    run = Run(repository({"": page(then="t"), "t": page(record("a"), then="")}))
    assert (run.error, run.ids, run.harvest.complete) == ("", ["a"], True)


def test_empty_pages_without_end_break_the_run_off() -> None:
    """However new their tokens are."""
    run = Run(repository(Everlasting()))
    assert run.error == "eprints: page 50: 50 pages without a record, and a resumption token in each"


def test_repository_that_ignores_from_gives_what_it_gives() -> None:
    """Records that have not changed do no harm; but those that are absent are not gone."""
    run = Run(repository({"": page(record("old"), deleted("b"))}), "2030-01-01T00:00:00Z")
    assert (run.ids, run.harvest.complete) == (["old", "b"], False)


@pytest.mark.parametrize("deletions", ["no", "transient", ""])
def test_identifiers_tell_who_is_gone_where_deletions_are_not_kept(deletions: str) -> None:
    """The changes come first, then every identifier that is there, whenever it changed."""
    verb = "ListIdentifiers"
    identifiers = {
        "": page(header("a"), header("gone", 'status="deleted"'), then="t", size=3, verb=verb),
        "t": page(header("b"), verb=verb),
    }
    run = Run(repository({"": page(record("b"))}, identifiers=identifiers, deletions=deletions), SINCE)
    assert run.readings[1:] == [Presence("a", "eprints"), Presence("b", "eprints")]
    assert run.questions[1] == {"verb": verb, "metadataPrefix": "oai_dc"}
    assert run.outcome == ("2026-01-31T11:45:00Z", True)


def test_identifiers_that_break_off_leave_the_mark() -> None:
    """Or the records that were not listed would be withdrawn."""
    identifiers = {"": page(header("a"), then="t", size=3, verb="ListIdentifiers"), "t": xml(NONE)}
    run = Run(repository({"": xml(NONE)}, identifiers=identifiers, deletions="no"), SINCE)
    expected = "eprints: identifiers, page 2: the list ended after 1 records, of 3 that it should have"
    assert (run.error, run.outcome) == (expected, (None, False))


@pytest.mark.parametrize(
    ("since", "deletions", "lists", "complete"),
    [
        (None, "persistent", ["ListRecords"], True),
        (None, "no", ["ListRecords"], True),
        (SINCE, "persistent", ["ListRecords"], False),
        (SINCE, "no", ["ListRecords", "ListIdentifiers"], True),
    ],
)
def test_absent_ids_are_gone_after_a_whole_list_only(
    since: str | None, deletions: str, lists: list[str], complete: bool
) -> None:
    """Of records, or of identifiers."""
    identifiers = {"": page(header("a"), verb="ListIdentifiers")}
    run = Run(repository({"": page(record("a"))}, identifiers=identifiers, deletions=deletions), since)
    assert ([each["verb"] for each in run.questions], run.harvest.complete) == (lists, complete)


def test_record_without_an_id_leaves_it_open_who_is_gone() -> None:
    """It may be any of those that were not met."""
    run = Run(repository({"": page(record("a"), record(""))}))
    assert (run.error, run.ids, run.outcome) == ("", ["a", None], ("2026-01-31T11:45:00Z", False))


def test_each_set_is_a_list_of_its_own() -> None:
    """A place says which; one without records is empty."""
    sets = {"x": page(record("a")), "y": xml(NONE), "z": page(record("b"))}
    run = Run(repository({"": lambda asked: sets[asked.parameters["set"]]}), sets=("x", "y", "z"))
    places = [each.place for each in run.readings if isinstance(each, Record)]
    assert places == ["eprints: set x, page 1, record 1", "eprints: set z, page 1, record 1"]
    assert (run.harvest.complete, len(run.questions)) == (True, 3)


def test_ids_are_rewritten() -> None:
    """Of records, deletions, refusals and identifiers alike; one of which nothing is left is refused."""
    records = page(
        record("oai:x:1"), deleted("oai:x:2"), record("oai:x:3").replace("metadata", "about"), record("oai:x:")
    )
    identifiers = {"": page(header("oai:x:1"), header("other"), verb="ListIdentifiers")}
    script = repository({"": records}, identifiers=identifiers, deletions="no")
    run = Run(script, SINCE, id_pattern=r"^oai:x:(\d*)$", id_replacement=r"\1")
    assert run.ids == ["1", "2", "3", None, "1", "other"]
    assert {each.source for each in run.readings} == {"eprints"}


@pytest.mark.parametrize(("pattern", "replacement"), [("(", ""), ("a", r"\1"), ("a", r"\g<x>")])
def test_pattern_that_is_none_is_refused_at_once(pattern: str, replacement: str) -> None:
    """Before anything is asked."""
    endpoint = Endpoint("e", "oai-pmh", "http://localhost/", id_pattern=pattern, id_replacement=replacement)
    with pytest.raises(ConfigurationError, match="e: id_pattern or id_replacement cannot be used"):
        open_oai_pmh(endpoint, None)


@pytest.mark.parametrize("since", ["soon", "2026-13-01", "31.01.2026", "0001-01-01"])
def test_since_that_is_no_time_is_refused_at_once(since: str) -> None:
    """Before anything is asked."""
    with pytest.raises(SourceError, match="not a time to harvest from"):
        open_oai_pmh(Endpoint("e", "oai-pmh", "http://localhost/"), since)


def test_unknown_format_is_refused_with_those_that_there_are() -> None:
    """As ListMetadataFormats names them."""
    run = Run(repository({"": xml('<error code="cannotDisseminateFormat">no</error>')}), metadata_prefix="marc21")
    expected = "cannotDisseminateFormat: no; 'marc21' was asked for, there is oai_dc"
    assert run.error == f"eprints: page 1: the answer is an error, {expected}"


@pytest.mark.parametrize("code", ["badArgument", "noSetHierarchy", "badVerb"])
def test_error_is_told_in_the_repository_s_words(code: str) -> None:
    """And is the end of the run, also beside another."""
    run = Run(repository({"": xml(f'{NONE}<error code="{code}">not\x85 so</error>')}))
    assert run.error == f"eprints: page 1: the answer is an error, noRecordsMatch: none; {code}: not so"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"<html><p>Down for maintenance</p></html>"), "not an answer of OAI-PMH: its root element is html"),
        (Answer(b"Down"), "not well-formed XML at line 1: not XML: no root element"),
        (xml("<ListSets/>"), "neither Identify nor an error in the answer"),
        (Answer(b"<html>no</html>", 404, {"Content-Type": "text/html"}), "the server answers 404 Not Found: no"),
    ],
)
def test_what_is_no_repository_is_refused(answer: Answer, reason: str) -> None:
    """An address of something else, or a page that says that it is not there."""
    run = Run(in_turn(answer))
    assert run.error.startswith("eprints: Identify: ")
    assert reason in run.error


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">'
GZIP = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(ENTITIES + page(record("&b;")).body), "a document type (DOCTYPE) is not accepted"),
        (Answer(OUTSIDE + page(record("a")).body), "a document type (DOCTYPE) is not accepted"),
        (Answer(gzip.compress(page(record("a", " " * (32 << 20))).body), headers=GZIP), "longer than 1 MiB"),
        (Answer(pieces=itertools.chain([b"<OAI-PMH>"], itertools.repeat(b"<a>" * 9999))), "longer than 1 MiB"),
    ],
    ids=["entities", "external", "gzip", "endless"],
)
def test_bomb_is_refused_in_bounded_memory(answer: Answer, reason: str) -> None:
    """Nothing is fetched for it, and it is not asked for again."""
    script = repository({"": answer})
    tracemalloc.start()
    try:
        run = Run(script)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (reason in run.error, len(run.questions), run.outcome) == (True, 1, (None, False))
    assert peak < 8 << 20


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://{host}/", "http://{host}/oai"])
def test_redirect_to_elsewhere_is_refused(location: str) -> None:
    """The other one is not asked."""
    with serving(in_turn(page(record("a")))) as canary:
        to = location.format(host=canary.url.removeprefix("http://"))
        run = Run(repository({"": Answer(status=302, headers={"Location": to})}))
    assert (run.readings, canary.asked, run.outcome) == ([], [], (None, False))
    assert run.error.startswith("eprints: page 1: ")


def test_refusal_with_records_in_it_is_a_refusal() -> None:
    """Only the protocol's own errors are taken from an answer that is not 200."""
    run = Run(repository({"": Answer(page(record("a")).body, 404)}))
    assert (run.readings, run.outcome) == ([], (None, False))
    assert "the server answers 404 Not Found" in run.error


def test_endpoint_alone_is_enough(real: Callable[[str], Answer]) -> None:
    """Its own fetcher takes pages of the usual size."""
    with serving(repository({"": real("dspace_2003")})) as server:
        harvest = open_oai_pmh(Endpoint("e", "oai-pmh", server.url, delay=0), None)
        assert (len(list(harvest)), harvest.complete) == (16, True)


def test_settings_of_the_endpoint_are_those_of_the_requests() -> None:
    """User and password reach the repository, and no message."""
    word = "hush"
    with serving(in_turn(Answer(status=403))) as server:
        endpoint = Endpoint("e", "oai-pmh", server.url, user="me", password=word, retries=0)
        message = _error(open_oai_pmh(endpoint, None))
    assert server.asked[0].headers["Authorization"] == "Basic bWU6aHVzaA=="
    assert word not in message


def _error(harvest: Harvest) -> str:
    with pytest.raises(SourceError) as caught:
        list(harvest)
    return str(caught.value)
