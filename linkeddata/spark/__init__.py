"""Mapping on Apache Spark: records in by its readers, mapped partition by partition by the one crosswalk that there is,
and a folder of mapped records out (`linkeddata.mapped`).

Executors run the same package. They read the input by Spark, and write to the folder by themselves, so all of them and
whoever starts the job must see it under the same path.
"""

from __future__ import annotations

from linkeddata.spark.job import Job, map_on_spark
from linkeddata.spark.lines import Input
from linkeddata.spark.session import session

__all__ = ["Input", "Job", "map_on_spark", "session"]
