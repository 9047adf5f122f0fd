"""A Spark session as our jobs need it, and Spark's errors as ours. With the other files of this room, the wall round
`pyspark`, an optional library."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from linkeddata.errors import ConfigurationError, SourceError

try:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    IS_INSTALLED = True
except ImportError:  # the extra `spark`
    IS_INSTALLED = False

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Anything of these is set only where the caller has not.
_DEFAULTS: Final = {
    "spark.app.name": "linkeddata",
    # A few seconds of a core: a lost one costs little, and cores that are done early wait little for the last.
    "spark.sql.files.maxPartitionBytes": "16m",
    # A file that is cut short, or gone, must stop the job and not be passed over.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}
#: On one machine Java only hands on what Python makes: compiled in the quick way, and with one thread to collect its
#: garbage, it takes half of the processor's time (measured with 5,000 documents).
_ON_ONE_MACHINE: Final = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
_LOCAL: Final = re.compile(r"local(\[.*\])?")
_UNDER_SUBMIT: Final = "PYSPARK_GATEWAY_PORT"
#: Lines of a Java error that say what happened in our words, or Spark's.
_TELLING: Final = re.compile(r"\s*(?:Caused by: )?[\w.$]+(?:Error|Exception|Refused|Lost|Locked): (?P<words>.+)")
#: Where Spark names the file that it could not read.
_READING: Final = re.compile(r"while reading file (?:file://)?(?P<file>.+?)\.? +SQLSTATE")
_LONGEST: Final = 500


@contextmanager
def session(master: str | None, options: Mapping[str, str]) -> Iterator[SparkSession]:
    """A session, ended afterwards. Without a `master` it is `local[*]`, or what `spark-submit` was told.

    ConfigurationError where pyspark or Java is missing, or Spark refuses the options; SourceError where a job fails.
    """
    if not IS_INSTALLED:
        raise ConfigurationError("mapping on Spark needs pyspark: pip install 'linkeddata[spark]'")
    with _told():
        opened = _opened(master, options)
        try:
            yield opened
        finally:
            opened.stop()


def _opened(master: str | None, options: Mapping[str, str]) -> SparkSession:
    # It tells of every connection that it closes.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    # Executors of the same machine run the Python that we run in; on others the path must lead to one, too.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    where = master or ("" if _UNDER_SUBMIT in os.environ else "local[*]")
    builder = SparkSession.builder.master(where) if where else SparkSession.builder
    for name, value in {**_defaults(where), **options}.items():
        builder = builder.config(name, value)
    try:
        opened = builder.getOrCreate()
    except (PySparkException, Py4JError, FileNotFoundError) as problem:
        raise ConfigurationError(f"Spark does not start: {_words(problem)} (Java 17 or later is needed)") from problem
    opened.sparkContext.setLogLevel("ERROR")
    return opened


@contextmanager
def _told() -> Iterator[None]:
    """Spark's errors as ours."""
    try:
        yield
    except (PySparkException, Py4JError) as problem:
        raise SourceError(f"the Spark job failed, nothing of it stays: {_words(problem)}") from problem


def _defaults(master: str) -> dict[str, str]:
    shown = {"spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    return {**_DEFAULTS, **shown, **(_ON_ONE_MACHINE if _LOCAL.fullmatch(master) else {})}


def _words(problem: Exception) -> str:
    """What of a long error tells most: the last cause, and before it the file that could not be read."""
    found = [match["words"] for match in map(_TELLING.match, str(problem).splitlines()) if match]
    words = (found[-1] if found else str(problem).strip().partition("\n")[0])[:_LONGEST]
    reading = _READING.search(str(problem))
    return f"{reading['file']}: {words}" if reading else words
