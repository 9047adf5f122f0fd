"""The whole life of a record: read, translated, entered, issued; or refused with its reason.

`publish` makes a whole edition of what a source yields, `update` makes the next one of what has changed,
`preview` translates and stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Final, Protocol

import orjson

from linkeddata.catalogue import Catalogue, Draft, Translation
from linkeddata.crosswalk import Mapping as Mapped
from linkeddata.crosswalk import vocabulary_statements
from linkeddata.documents import document_writer
from linkeddata.errors import RecordRefused, RefusedForSafety, SourceError
from linkeddata.mapped import LOST, batches, check_mapping, read_manifest, read_report
from linkeddata.record import Brought, Deletion, Presence, Reading, Record, Refusal, Unread, encodable
from linkeddata.report import Report, report_of
from linkeddata.translate import Batch, Site, crosswalk, document_hash, reread, translated
from linkeddata.vocabulary.ntriples import Statement

__all__ = ["Given", "Run", "Site", "Work", "preview", "publish", "publish_mapped", "rehearse", "remap", "update"]


class Progress(Protocol):
    """Is told how a run goes."""

    def __call__(self, done: int, total: int | None) -> None:
        """So many readings are done, of so many; None where the source does not say."""

    def begin(self, step: str) -> None:
        """All is read, and a step of what follows begins, by its name in the report's `seconds`."""


class _Silent:
    def __call__(self, done: int, total: int | None) -> None: ...

    def begin(self, step: str) -> None: ...


_SILENT: Final[Progress] = _Silent()


class Harvested(Protocol):
    """What is read from a source; see `sources.harvest`."""

    total: int | None
    mark: str | None
    complete: bool
    shortfall: str

    def __iter__(self) -> Iterator[Reading]: ...


@dataclass(slots=True)
class Given:
    """Readings that come from no harvest: nothing follows from what is not among them."""

    readings: Iterable[Reading]
    total: int | None = None
    mark: str | None = None
    complete: bool = False
    shortfall: str = ""

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.readings)


@dataclass(frozen=True, slots=True)
class Run:
    """One source's turn in an update. `open` begins it where the last one ended (None: at the beginning).

    `settings` tells what is asked for: when it has changed, the source is asked from the beginning. More than
    the share `shrink_limit` of the source's records may not vanish without a word.
    """

    open: Callable[[str | None], Harvested]
    source: str = ""
    settings: str = ""
    shrink_limit: float = 1.0


@dataclass(slots=True)
class _Course:
    """How a run goes: what was deleted so far, whose newest version was refused, and which ids the source has that
    are not known here."""

    deleted: set[str] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    unknown: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Work:
    """How a run is done: `processes` translate at once (None: as many as there are processors); `progress` is
    told how it goes."""

    site: Site
    processes: int | None = None
    progress: Progress = _SILENT
    #: A source may lose more records than its limit.
    allow_shrink: bool = False
    #: Where a greater share of what is read is refused, nothing is published.
    refused_share: float = 1.0


def publish(
    brought: Iterable[Brought],
    catalogue: Catalogue,
    site: Site,
    *,
    processes: int | None = None,
    rebase: bool = False,
    progress: Progress = _SILENT,
    refused_share: float = 1.0,
) -> Report:
    """Make a whole new edition of what a source yields, and serve it.

    `processes`, `progress` and `refused_share` as in `Work`. What cannot be published is in the report. When
    the source breaks (SourceError), too much is refused (RefusedForSafety) or anything else fails, what is
    served stays as it was.
    """
    report = Report(mapping=site.profile.version)
    with catalogue.begin(site.uris, _vocabulary(site), rebase=rebase) as draft:
        with _timed(report, "translated"):
            _enter_all(draft, brought, Work(site, processes, progress), report)
        _check_refused(report, refused_share)
        _issue(draft, site, report, progress)
    return report


def publish_mapped(
    folder: Path,
    catalogue: Catalogue,
    site: Site,
    *,
    rebase: bool = False,
    progress: Progress = _SILENT,
    refused_share: float = 1.0,
    bulk_loaded: bool = False,
) -> Report:
    """As `publish`, of what was mapped elsewhere (`linkeddata.mapped`); nothing is translated, and where it is
    `bulk_loaded`, nothing is sent to the SPARQL server, which holds all of it.

    SourceError where the folder is not whole, RefusedForSafety where it was mapped otherwise than `site` would.
    """
    manifest = read_manifest(folder)
    check_mapping(manifest, site, folder)
    report = report_of(read_report(folder, manifest))
    held = manifest.statements if bulk_loaded else None
    with catalogue.begin(site.uris, _vocabulary(site), rebase=rebase, held=held) as draft:
        with _timed(report, "entered"):
            for done, batch in batches(folder, manifest, site):
                _enter(draft, batch, Report(), _Course())
                progress(done, manifest.records)
        _check_refused(report, refused_share)
        _issue(draft, site, report, progress)
    return report


def remap(
    catalogue: Catalogue,
    site: Site,
    *,
    processes: int | None = None,
    progress: Progress = _SILENT,
    refused_share: float = 1.0,
    dry_run: bool = False,
) -> Report:
    """A new edition from the source documents that are kept, by the mapping as it is now; nothing is fetched.
    A `dry_run` issues none.

    NothingPublished where there is no edition; RefusedForSafety where the mapping refuses too many. Records that
    were refused were not kept.
    """
    report = Report(mapping=site.profile.version, rehearsed=dry_run)
    kept = _kept(catalogue)
    with catalogue.begin(site.uris, _vocabulary(site)) as draft:
        draft.keep_marks()
        with _timed(report, "translated"):
            _enter_all(draft, kept, Work(site, processes, progress), report)
        _check_refused(report, refused_share)
        if dry_run:
            report.account(draft.counts(), draft.records())
        else:
            _issue(draft, site, report, progress)
    return report


def update(runs: Iterable[Run], catalogue: Catalogue, work: Work, *, dry_run: bool = False) -> Report:
    """Make the next edition of what has changed in the sources, and serve it; none where nothing has.

    What a later run brings of a record takes the place of what an earlier one brought. A run whose source
    breaks, or would shrink too far, counts for nothing and is in the report under `failures`; the others are
    published. When the mapping has changed since, all that is kept is translated again first; RefusedForSafety
    where it refuses too many.
    """
    site = work.site
    report = Report(mapping=site.profile.version, rehearsed=dry_run, revised=True)
    with catalogue.begin(site.uris, _vocabulary(site), mapping=site.mapping) as draft:
        draft.keep_marks()
        if draft.whole and draft.follows:
            again = Report()
            _enter_all(draft, _kept(catalogue), replace(work, progress=_SILENT), again)
            _check_refused(again, work.refused_share)
        with _timed(report, "translated"):
            for run in runs:
                _attempt(draft, run, work, report)
        if dry_run:
            report.account(draft.counts(), draft.records())
        elif draft.differs():
            _issue(draft, site, report, work.progress)
        else:
            report.published = draft.records()
            if draft.follows:
                catalogue.note_marks(draft.marks())
    return report


def _vocabulary(site: Site) -> list[Statement]:
    return vocabulary_statements(site.uris, site.profile)


def _kept(catalogue: Catalogue) -> Iterator[Unread]:
    """The records that are published, and those that stand back behind another source's, as their sources gave them."""
    return (Unread(*each, reread) for each in catalogue.current_pieces().sources())


def _attempt(draft: Draft, run: Run, work: Work, report: Report) -> None:
    """A source's turn, which counts as a whole or not at all."""
    attempt = Report()
    try:
        with draft.run():
            _take_turn(draft, run, work, attempt)
    except (SourceError, RefusedForSafety) as failure:
        report.failures.append(_named(failure, run.source))
    else:
        report.add(attempt)


def _named(failure: SourceError | RefusedForSafety, source: str) -> SourceError | RefusedForSafety:
    """A failure that says which source it is of, whoever told it: of several, the address alone tells too little."""
    if not source or str(failure).startswith(f"{source}:"):
        return failure
    kind = SourceError if isinstance(failure, SourceError) else RefusedForSafety
    return kind(f"{source}: {failure}")


def _take_turn(draft: Draft, run: Run, work: Work, report: Report) -> None:
    mark, size = draft.marks().get(run.source), draft.size(run.source)
    harvest = run.open(mark.since if mark and mark.settings == run.settings else None)
    course = _Course()
    changed = _changed(draft, harvest, report, course)
    for batch in translated(changed, work.site, work.processes, fills=draft.is_filled):
        _enter(draft, batch, report, course)
        work.progress(report.read, harvest.total)
    _check_refused(report, work.refused_share)
    for source, identifier in course.refused:
        # What replaces it cannot be published, so what it was is not true any more.
        if not draft.has_met(identifier, source):
            draft.withdraw(identifier, source)
    unfetched = sorted(each for each in course.unknown - course.refused if not draft.serves(each[1]))
    report.unfetched += [f"{source}: {encodable(identifier)}" for source, identifier in unfetched]
    if harvest.shortfall:
        report.shortfalls.append(f"{run.source}: {harvest.shortfall}")
    if harvest.complete:
        _withdraw_absent(draft, run, size, work)
    if run.source:
        draft.set_mark(run.source, harvest.mark, run.settings)


def _check_refused(report: Report, share: float) -> None:
    """RefusedForSafety where more was refused than a sound source would give."""
    if report.refusals > share * report.read:
        raise RefusedForSafety(
            f"{report.refusals} of {report.read} records were refused, more than the share of {share:g} that is "
            f"borne (setting mapping.refused_share); the first: {report.refused[0]}"
        )


def _withdraw_absent(draft: Draft, run: Run, size: int, work: Work) -> None:
    """Take out what the source does not hold any more; RefusedForSafety where that is too much of its `size`."""
    absent = draft.absent(run.source)
    if len(absent) > run.shrink_limit * size and not work.allow_shrink:
        raise RefusedForSafety(
            f"{run.source}: {len(absent)} of {size} records are no longer in the source, more than the share of "
            f"{run.shrink_limit:g} that may vanish without a word; --allow-shrink withdraws them"
        )
    for identifier in absent:
        draft.withdraw(identifier, run.source)


def _changed(draft: Draft, harvest: Harvested, report: Report, course: _Course) -> Iterator[Reading]:
    """The readings but for the records that are known as they are, which are not even translated."""
    for reading in harvest:
        if isinstance(reading, Presence):
            if not draft.meet(reading.id, reading.source):
                course.unknown.add((reading.source, reading.id))
            continue
        if isinstance(reading, Deletion):
            course.deleted.add(reading.id)
        elif _is_unchanged(draft, reading, course):
            report.read += 1
            report.unchanged += 1
            continue
        yield reading


def _is_unchanged(draft: Draft, reading: Reading, course: _Course) -> bool:
    # What was deleted before it in this run is put anew, in the order of the readings.
    if not isinstance(reading, Record) or reading.id in course.deleted:
        return False
    return draft.is_known(reading.id, reading.source, document_hash(reading))


def _enter_all(draft: Draft, brought: Iterable[Brought], work: Work, report: Report) -> None:
    for batch in translated(brought, work.site, work.processes, fills=draft.is_filled):
        _enter(draft, batch, report, _Course())
        work.progress(report.read, None)


def _enter(draft: Draft, batch: Batch, report: Report, course: _Course) -> None:
    report.count(batch.outcomes, batch.values_refused, batch.fields, batch.mined)
    for outcome in batch.outcomes:
        if isinstance(outcome, Translation):
            if loser := draft.put(outcome):
                report.repeat(Refusal(loser.place, LOST, loser.id, loser.source))
        elif isinstance(outcome, Deletion):
            draft.withdraw(outcome.id, outcome.source or None, outcome.successor)
        elif isinstance(outcome, Refusal) and outcome.id is not None:
            course.refused.add((outcome.source, outcome.id))
    draft.give(batch.quads)


def _issue(draft: Draft, site: Site, report: Report, progress: Progress) -> None:
    """Issue what was entered; a load of nothing does not empty the site."""
    if not draft.records() and not report.revised:
        return
    report.account(draft.counts(), draft.records())

    def account(known: Mapping[str, str]) -> bytes:
        report.edition, report.statements = draft.number, int(known["statements"])
        report.seconds |= draft.seconds
        return orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2)

    facts = {**site.said, "version": site.profile.version, "mapping": site.mapping}
    draft.issue(facts, account, document_writer(site.uris, site.dumps), begun=progress.begin)


class _timed:
    """Notes in a report how long a step took."""

    def __init__(self, report: Report, step: str) -> None:
        self._report, self._step = report, step

    def __enter__(self) -> None:
        self._start = monotonic()

    def __exit__(self, *_: object) -> None:
        self._report.seconds[self._step] = monotonic() - self._start


def rehearse(
    brought: Iterable[Brought], site: Site, *, processes: int | None = None, progress: Progress = _SILENT
) -> Report:
    """What `publish` would report, without writing anything; versions of one record are not told apart."""
    report = Report(rehearsed=True, mapping=site.profile.version)
    for batch in translated(brought, site, processes):
        report.count(batch.outcomes, batch.values_refused, batch.fields, batch.mined)
        report.published += sum(isinstance(outcome, Translation) for outcome in batch.outcomes)
        progress(report.read, None)
    return report


def preview(readings: Iterable[Reading], site: Site) -> Iterator[tuple[Record, Mapped] | Refusal]:
    """Translate what a source yields and store nothing; deletions say nothing here."""
    translate = crosswalk(site)
    for reading in readings:
        if isinstance(reading, Refusal):
            yield reading
        elif isinstance(reading, Record):
            try:
                yield reading, translate(reading)
            except RecordRefused as reason:
                yield Refusal(reading.place, str(reason), reading.id)
