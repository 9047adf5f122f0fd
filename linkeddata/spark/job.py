"""The whole job: lines in, chosen records out, their statements in order, a report, and the manifest at last.

All is written into a folder beside the one asked for, which gets that name by one rename when it is whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import orjson

from linkeddata.catalogue.graph import vocabulary_quads
from linkeddata.crosswalk import vocabulary_statements
from linkeddata.errors import RefusedForSafety, SourceError
from linkeddata.mapped import Listed, Manifest, check_mapping, read_manifest, write_manifest
from linkeddata.mapped.manifest import manifest_digest
from linkeddata.report import Report
from linkeddata.spark.lines import Input, lines_of
from linkeddata.spark.mapping import Chosen, carried_over, chosen, mapped, partition_of
from linkeddata.spark.ordering import Differing, Ordered, Range, dealt, frames_of, ordered
from linkeddata.spark.writing import Written
from linkeddata.translate import Site

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import SparkSession

_FOLDERS: Final = ("records", "quads", "insert", "delete")
#: So many bytes of statements make a file, packed to a tenth of it or less.
_PART: Final = 64 << 20
#: Less is not worth another task.
_SMALLEST: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done: the input, the folder that is made of it, and how many files of statements that has (0: as
    many as suit their size).

    `previous` is the folder of an earlier job, from which the difference is told; with `changes`, the input is only
    what has changed since, and all else is taken over from there.
    """

    inputs: tuple[Input, ...]
    out: Path
    site: Site
    previous: Path | None = None
    changes: bool = False
    parts: int = 0


def map_on_spark(spark: SparkSession, job: Job) -> Report:
    """Do it. SourceError where the input, or the earlier folder, cannot be read, RefusedForSafety where there is
    something in the folder already, or the earlier one is of another mapping than what is carried over needs."""
    earlier = _earlier(job)
    work = _begin(job.out)
    try:
        report = _Run(spark, job, work, earlier).done()
        work.rename(job.out)
        report.folder = str(job.out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return report


def _earlier(job: Job) -> Manifest | None:
    if job.previous is None:
        return None
    earlier = read_manifest(job.previous)
    if job.changes:
        check_mapping(earlier, job.site, job.previous)
    return earlier


def _begin(out: Path) -> Path:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RefusedForSafety(f"{out}: there is something already, and nothing is written over")
    work = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(work, ignore_errors=True)
    try:
        for name in _FOLDERS:
            (work / name).mkdir(parents=True)
    except OSError as problem:
        raise SourceError(f"{work}: cannot be made: {problem.strerror}") from problem
    return work


@dataclass(slots=True)
class _Run:
    """A job under way in the folder `work`."""

    spark: SparkSession
    job: Job
    work: Path
    earlier: Manifest | None
    report: Report = field(default_factory=Report)

    def done(self) -> Report:
        start = monotonic()
        parts = self._records()
        mapped = monotonic()
        quads = self._quads(parts)
        self.report = _report(parts, self.job.site.profile.version)
        self.report.published = sum(part.records for part in parts)
        self.report.statements = sum(each.quads.count for each in quads)
        manifest = self._manifest(parts, quads)
        write_manifest(manifest, self.work)
        if self.earlier:
            self.report.differs = (_counted(manifest.insert), _counted(manifest.delete))
        # For the person only: the same input gives the same files.
        self.report.seconds = {"mapping": mapped - start, "ordering": monotonic() - mapped}
        return self.report

    def _records(self) -> list[Chosen]:
        """Map all lines, choose among the versions of each id, and write what is kept."""
        rows, before = lines_of(self.spark, self.job.inputs)
        site, work, uris = self.job.site, self.work, self.job.site.uris
        events: RDD[Any] = rows.mapPartitions(lambda part: mapped(part, before, site))
        if self.job.changes and self.earlier and self.job.previous:
            events = events.union(self._carried(self.job.previous, self.earlier))
        partitions = max(events.getNumPartitions(), self.spark.sparkContext.defaultParallelism)
        meeting = events.repartitionAndSortWithinPartitions(partitions, partial(partition_of, partitions=partitions))

        def write(number: int, part: Iterable[Any]) -> Iterator[Chosen]:
            yield chosen(part, work / "records" / f"{number:05d}.records", uris)

        return meeting.mapPartitionsWithIndex(write).collect()

    def _carried(self, folder: Path, earlier: Manifest) -> RDD[Any]:
        files = [folder / listed.file for listed in earlier.kept]
        spread = self.spark.sparkContext.parallelize(files, max(len(files), 1))
        return spread.mapPartitions(lambda part: (event for file in part for event in carried_over(frames_of(file))))

    def _quads(self, parts: list[Chosen]) -> list[Ordered]:
        """All that the published records say, in order."""
        uris, work = self.job.site.uris, self.work
        ranges = _ranges(parts, self.job.parts, self.spark.sparkContext.defaultParallelism)
        bounds, earlier = [each.begins for each in ranges[1:]], self._differing()
        vocabulary = vocabulary_quads(vocabulary_statements(uris, self.job.site.profile), uris)
        files: list[Path | bytes] = [*(work / part.file.file for part in parts if part.file), vocabulary]
        spread = self.spark.sparkContext.parallelize(files, len(files))
        met = spread.mapPartitions(lambda part: dealt(part, bounds, uris)).partitionBy(len(ranges), _itself)

        def write(number: int, part: Iterable[Any]) -> Iterator[Ordered]:
            yield ordered(part, ranges[number], work, earlier)

        return met.mapPartitionsWithIndex(write).collect()

    def _differing(self) -> Differing | None:
        if self.earlier is None or self.job.previous is None:
            return None
        folder = self.job.previous
        return Differing([(folder / listed.file, listed.begins.encode()) for listed in self.earlier.quads])

    def _manifest(self, parts: list[Chosen], quads: list[Ordered]) -> Manifest:
        return Manifest(
            base_uri=self.job.site.uris.base,
            mapping=self.job.site.mapping,
            records=self.report.published,
            statements=self.report.statements,
            kept=[part.file for part in parts if part.file],
            quads=[each.quads for each in quads],
            insert=[each.insert for each in quads if each.insert],
            delete=[each.delete for each in quads if each.delete],
            report=_write_report(self.report, self.work),
            previous=manifest_digest(self.job.previous) if self.job.previous else "",
        )


def _counted(files: list[Listed]) -> int:
    return sum(listed.count for listed in files)


def _itself(number: int) -> int:
    return number


def _ranges(parts: list[Chosen], wanted: int, parallelism: int) -> list[Range]:
    """Ranges of about equal size, by the lines that were seen here and there."""
    size = sum(part.size for part in parts)
    number = wanted or max(1, size // _PART, min(2 * parallelism, size // _SMALLEST))
    sample = sorted(line for part in parts for line in part.sample)
    begins = sorted({sample[len(sample) * each // number] for each in range(1, number)}) if sample else []
    return [
        Range(f"part-{each:05d}.nq.gz", first, last)
        for each, (first, last) in enumerate(zip([b"", *begins], [*begins, None], strict=True))
    ]


def _report(parts: list[Chosen], mapping: str) -> Report:
    """One report of all tasks, with what is listed in the order in which it was read."""
    whole = Report(mapping=mapping)
    for part in parts:
        for each in part.reports:
            whole.add(each)
    refused = sorted((entry for part in parts for entry in part.refused), key=_order)
    whole.refused = [refusal for _, refusal in refused]
    for _, loser in sorted((entry for part in parts for entry in part.losers), key=_order):
        whole.repeat(loser)
    return whole


def _order(entry: tuple[Any, Any]) -> Any:
    return entry[0]


def _write_report(report: Report, work: Path) -> Listed:
    with Written(work / "report.json") as written:
        written.write(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2))
    listed = written.listed(report.read)
    return Listed("report.json", listed.bytes, listed.sha256, listed.count)
