"""`mathtune grade` takes tables of any length and kind."""

from __future__ import annotations

import json
import tracemalloc

import pyarrow
import pyarrow.parquet as pq
import pytest

from mathtune.cli import main


def write(path, rows):
    if path.suffix == ".parquet":
        pq.write_table(pyarrow.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def read(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("given", [".jsonl", ".parquet"])
@pytest.mark.parametrize("wanted", [".jsonl", ".parquet"])
def test_the_rows_come_back_in_order_with_their_verdicts(tmp_path, capsys, given, wanted):
    """Every row keeps its columns, of JSON lines also where a column begins with nulls."""
    rows = [
        {
            "response": rf"\boxed{{{number % 7}}}",
            "answer": "3",
            "note": None if number < 1_500 else 0.5,
            "id": number,
        }
        for number in range(2_200)
    ]
    table, output = tmp_path / f"in{given}", tmp_path / f"out{wanted}"
    write(table, rows)
    assert main(["grade", str(table), "--output", str(output)]) == 0
    graded = read(output)
    assert [row["id"] for row in graded] == list(range(2_200))
    assert all((row["outcome"] == "equal") == (row["id"] % 7 == 3) for row in graded)
    assert graded[-1]["note"] == 0.5
    assert "2200 responses" in capsys.readouterr().out
    assert main(["grade", str(output), "--output", str(output)]) == 0
    assert read(output) == graded


def test_memory_does_not_grow_with_the_table(tmp_path):
    """Ten times the rows need no more memory, because rows are read, graded and written one by one."""
    peaks = []
    for count in (300, 3_000):
        table, output = tmp_path / f"{count}.jsonl", tmp_path / f"{count}-out.jsonl"
        write(
            table, [{"response": f"{'so ' * 3_000}\\boxed{{{n % 5}}}", "answer": "3"} for n in range(count)]
        )
        tracemalloc.start()
        assert main(["grade", str(table), "--output", str(output)]) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 1_000_000


@pytest.mark.parametrize("given", [".jsonl", ".parquet"])
@pytest.mark.parametrize("wanted", [".jsonl", ".parquet"])
def test_few_long_rows_are_in_memory_at_once(tmp_path, given, wanted):
    """A table whose rows are a megabyte each is not gathered by the thousand."""
    table, output = tmp_path / f"in{given}", tmp_path / f"out{wanted}"
    write(
        table,
        [{"response": f"{n} {'so ' * 333_000}\\boxed{{{n % 5}}}", "answer": "3"} for n in range(60)],
    )
    tracemalloc.start()
    assert main(["grade", str(table), "--output", str(output)]) == 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 35_000_000
    assert sum(row["outcome"] == "equal" for row in read(output)) == 12


def test_columns_of_two_kinds_are_named(tmp_path, capsys):
    """A column that Parquet cannot hold is an error in a line, and no file is left."""
    table, output = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    write(table, [{"response": "1", "answer": "1", "x": value} for value in ("a", {"b": 1})])
    assert main(["grade", str(table), "--output", str(output)]) == 1
    assert "in.jsonl" in "".join(capsys.readouterr())
    assert not output.exists()


def test_half_a_surrogate_pair_is_kept_where_a_file_can_hold_it(tmp_path, capsys):
    """JSON lines spell it as they came; for a Parquet file it is an error in a line."""
    rows = [{"response": "\\boxed{3}", "answer": "3", "note": "\ud800"}]
    table, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write(table, rows)
    assert main(["grade", str(table), "--output", str(output)]) == 0
    assert read(output)[0]["note"] == "\ud800"
    assert main(["grade", str(table), "--output", str(tmp_path / "out.parquet")]) == 1
    assert "half a surrogate pair" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([2**70], "64 bits"), ([2**60 + 1] * 1_000 + [1.5], "different kinds"), ([1, "x"], "different kinds")],
    ids=["too long", "exact in one thousand, not in the next", "a number and a text"],
)
def test_numbers_that_no_column_holds_are_told(tmp_path, capsys, numbers, said):
    """JSON knows numbers that Parquet does not; the error is one of ours, and no file is left."""
    table, output = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    write(table, [{"response": "3", "answer": "3", "note": number} for number in numbers])
    assert main(["grade", str(table), "--output", str(output)]) == 1
    assert said in capsys.readouterr().err
    assert not output.exists()


def test_numbers_are_read_as_their_digits(tmp_path, capsys):
    """A gold answer or a response that is a number in the table needs no quotes; true and NaN are none."""
    table = tmp_path / "t.jsonl"
    write(table, [{"response": "so 12", "answer": 12}, {"response": 0.5, "answer": "1/2"}])
    assert main(["grade", str(table)]) == 0
    assert "2 responses: 2 equal" in capsys.readouterr().out
    for none in (True, float("nan")):
        write(table, [{"response": "1", "answer": none}])
        assert main(["grade", str(table)]) == 1


def test_the_policy_is_the_users(tmp_path, capsys):
    """What counts as the same answer can be said, as for evaluate and regrade."""
    table = tmp_path / "t.jsonl"
    write(table, [{"response": "about 3.1", "answer": "3.14"}, {"response": "It is 7.", "answer": "7"}])
    for words, said in (("--relative-tolerance 0.02", "2 equal"), ("--weakest-sign boxed", "2 different")):
        assert main(["grade", str(table), *words.split()]) == 0
        assert f"2 responses: {said}" in capsys.readouterr().out


def test_null_is_no_answer_or_no_gold_answer(tmp_path, capsys):
    """A response that is missing has no answer, a gold answer that is missing cannot be read."""
    table, output = tmp_path / "t.jsonl", tmp_path / "out.jsonl"
    write(table, [{"response": None, "answer": "2"}, {"response": "It is 2.", "answer": None}])
    assert main(["grade", str(table), "--output", str(output)]) == 0
    assert [row["reason"] for row in read(output)] == ["no_answer", "unparsed_gold"]


def test_a_policy_that_means_nothing_is_an_error_in_a_line(tmp_path, capsys):
    """The flag is named, and what it takes."""
    table = tmp_path / "t.jsonl"
    write(table, [{"response": "1", "answer": "1"}])
    assert main(["grade", str(table), "--relative-tolerance", "-1"]) == 1
    assert capsys.readouterr().err == (
        "mathtune: --relative-tolerance: expected a finite number from 0 on, got -1.0\n"
    )


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
@pytest.mark.parametrize(
    "own",
    [
        {"outcome": "solved"},
        {"reason": "said so"},
        {"tier": "gold"},
        {"outcome": "equal"},
        {"outcome": "equal", "reason": "a person's", "tier": "exact"},
        {"outcome": ["equal"], "reason": "same_text", "tier": "exact"},
    ],
)
def test_columns_of_the_users_are_not_replaced(tmp_path, capsys, suffix, own):
    """What the verdict's columns hold but an earlier verdict is refused: no file is written or changed."""
    table, output = tmp_path / f"t{suffix}", tmp_path / f"out{suffix}"
    rows = [{"response": "1", "answer": "1", **dict.fromkeys(own)}, {"response": "2", "answer": "2", **own}]
    write(table, rows)
    before = table.read_bytes()
    for written in (output, table):
        assert main(["grade", str(table), "--output", str(written)]) == 1
        assert "would replace it: rename it" in capsys.readouterr().err
    assert table.read_bytes() == before
    assert not output.exists()
    assert main(["grade", str(table)]) == 0


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.parquet"])
def test_a_missing_table_is_named(tmp_path, capsys, name):
    """A file that is not there is an error in a line, whatever its kind."""
    assert main(["grade", str(tmp_path / name)]) == 1
    assert capsys.readouterr().err == f"mathtune: {tmp_path / name}: cannot read: No such file or directory\n"
