"""A comparison as a table for other tools."""

from __future__ import annotations

from mathtune.reports import compare


def test_each_cell_is_a_row_for_other_tools(make, problems, base, tuned):
    """Arrow, pandas and polars hold the same rows: each number of each cell, all problems without a place."""
    third = make.run("third", problems, make.right(0.6, seed=3))
    comparison = compare(base, tuned, third, by=("subject", "level"))
    rows = comparison.to_arrow().to_pylist()
    assert len(rows) == len(comparison.cells)
    for row, cell in zip(rows, comparison.cells, strict=True):
        assert (row["first"], row["second"]) == (cell.first, cell.second)
        assert (row["subject"], row["level"]) == (cell.key or (None, None))
        assert row["difference_low"] == cell.difference.low
        assert row["first_accuracy"] == cell.first_accuracy.estimate
        assert (row["lost"], row["won"], row["adjusted"]) == (cell.lost, cell.won, cell.adjusted)
        assert row["detectable"] == cell.detectable
        assert row["finding"] == str(cell.finding)
    assert comparison.to_polars().to_dicts() == rows
    assert comparison.to_pandas()["won"].tolist() == [cell.won for cell in comparison.cells]


def test_a_comparison_without_cells_is_one_row(base, tuned):
    """Without cells there is the row on all problems, and no column of places."""
    table = compare(base, tuned, by=()).to_arrow()
    assert table.num_rows == 1
    assert table.column_names[:3] == ["first", "second", "total"]
