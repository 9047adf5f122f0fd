"""Lines of the input, as Spark's readers give them: byte for byte, with file and number of the line.

Spark cuts large files into blocks, and a block does not know how many lines stand before it. So the lines of the blocks
of such files are counted first, which costs a small part of the mapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, urlsplit

try:
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F
except ImportError:  # the extra `spark`; the session says so
    pass

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import SparkSession

#: What Spark does not cut, whatever its size.
_PACKED: Final = r"\.(gz|zst|bz2|lz4|snappy|deflate)$"

#: Source, file, first byte of the block, line.
Row: TypeAlias = tuple[str, str, int, bytes]
#: How many lines of a file stand before the block that begins at a byte.
Before: TypeAlias = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Input:
    """A file, folder or pattern that Spark can read, and the name of its source, where it has one."""

    location: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, its number from 1, its file as a person would name it, and the name of its source."""

    file: str
    number: int
    text: bytes
    source: str


def lines_of(spark: SparkSession, inputs: Iterable[Input]) -> tuple[RDD[Row], Before]:
    """All lines of the input, and what `numbered` needs to number them."""
    by_source = defaultdict[str, list[str]](list)
    for each in inputs:
        by_source[each.source].append(each.location)
    read = reduce(DataFrame.union, (_read(spark, name, paths) for name, paths in by_source.items()))
    rows = read.select("source", "file_path", "file_block_start", "line").rdd.map(tuple)
    # Files up to this size are never cut.
    uncut = spark._jsparkSession.sessionState().conf().filesOpenCostInBytes()
    return rows, _before(read.where(F.col("file_size") > uncut))


def _read(spark: SparkSession, source: str, locations: list[str]) -> DataFrame:
    # The line as it stands: texts that are no UTF-8 are refused by us, with their place.
    text = spark.read.options(lineSep="\n", recursiveFileLookup="true").text(locations)
    return text.select(
        F.lit(source).alias("source"),
        "_metadata.file_path",
        "_metadata.file_block_start",
        "_metadata.file_size",
        F.col("value").cast("binary").alias("line"),
    )


def _before(read: DataFrame) -> Before:
    cut = read.where(~F.col("file_path").rlike(_PACKED))
    counted = cut.groupBy("file_path", "file_block_start").count().collect()
    before = dict[tuple[str, int], int]()
    for file, blocks in groupby(sorted(map(tuple, counted)), key=lambda row: row[0]):
        lines = 0
        for _, start, count in blocks:
            before[file, start] = lines
            lines += count
    return before


def numbered(rows: Iterable[Row], before: Before) -> Iterator[Line]:
    """The lines of a partition, in which those of a block stand together and in order."""
    for (source, file, start), block in groupby(rows, key=lambda row: row[:3]):
        name = _shown(file)
        for number, row in enumerate(block, start=before.get((file, start), 0) + 1):
            yield Line(name, number, bytes(row[3]), source)


def _shown(uri: str) -> str:
    """A file of the machine by its path, any other by its address."""
    return unquote(urlsplit(uri).path if uri.startswith("file:") else uri)
