"""Engines on Arrow take `grade_table` as it is: there is no adapter, and no need of one."""

from __future__ import annotations

import sys

import datasets
import polars as pl
import pyarrow
import pytest

from mathtune.grading import grade_table

SAID = [r"So \boxed{1/2}.", r"So \boxed{2}.", None, r"So \boxed{7}."] * 5
GOLDS = [0.5, 3.0, 7.0, None] * 5
OUTCOMES = ["equal", "different", "different", "undecided"] * 5
COLUMNS = "response string, gold double, outcome string, reason string, tier string"


@pytest.fixture
def table():
    return pyarrow.table({"response": SAID, "gold": pyarrow.array(GOLDS, pyarrow.float64())})


@pytest.mark.parametrize("processes", [None, 2])
def test_datasets_map(table, processes):
    """A data set in the format of Arrow maps its batches, also in processes of their own."""
    rows = datasets.Dataset(table).with_format("arrow")
    graded = rows.map(grade_table, batched=True, batch_size=3, num_proc=processes)
    assert graded.with_format(None)["outcome"][:] == OUTCOMES


def test_polars(table):
    """A frame is an Arrow table there and back."""
    frame = pl.from_arrow(table)
    assert pl.from_arrow(grade_table(frame.to_arrow()))["outcome"].to_list() == OUTCOMES


def test_batches_of_a_reader(table):
    """Record batches are graded as they come, as from files larger than memory."""
    batches = map(grade_table, table.to_reader(max_chunksize=3))
    assert pyarrow.Table.from_batches(batches)["outcome"].to_pylist() == OUTCOMES


def test_ray_map_batches(table):
    """Ray sends the function to its workers, which take batches as Arrow tables."""
    ray = pytest.importorskip("ray", reason="needs ray[data]: make integrations")
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    try:
        graded = ray.data.from_arrow(table).map_batches(grade_table, batch_format="pyarrow")
        assert [row["outcome"] for row in graded.take_all()] == OUTCOMES
    finally:
        ray.shutdown()


def test_spark_map_in_arrow(table, monkeypatch):
    """Spark sends an iterator of record batches."""
    pytest.importorskip("pyspark", reason="needs pyspark and Java: make integrations")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        rows = spark.createDataFrame(table)
        graded = rows.mapInArrow(lambda batches: map(grade_table, batches), COLUMNS)
        assert [row.outcome for row in graded.collect()] == OUTCOMES
    finally:
        spark.stop()
