"""Tables of Apache Arrow, with cells of every kind that holds text or numbers."""

from __future__ import annotations

from decimal import Decimal

import pyarrow
import pytest

from mathtune.errors import DataError
from mathtune.grading import VERDICT_COLUMNS, grade_table

RESPONSES = [r"\boxed{2}", "It is 3.", r"\boxed{2}"]


@pytest.mark.parametrize("kind", [pyarrow.table, pyarrow.record_batch])
def test_a_table_gets_three_columns(kind):
    """A table or record batch comes back as one of its kind, with three columns behind its own."""
    graded = grade_table(kind({"response": RESPONSES, "gold": ["2", "2", "2"], "note": [1, 2, 3]}))
    assert graded.schema.names == ["response", "gold", "note", *VERDICT_COLUMNS]
    assert graded.column("outcome").to_pylist() == ["equal", "different", "equal"]
    assert type(graded) is type(kind({"a": [1]}))


@pytest.mark.parametrize(
    "golds",
    [
        pyarrow.array(["2", "2", "2"], pyarrow.large_string()),
        pyarrow.array(["2", "2", "2"]).dictionary_encode(),
        pyarrow.chunked_array([["2"], ["2", "2"]]),
        pyarrow.array([2, 2, 2], pyarrow.int8()),
        pyarrow.array([2.0, 2.0, 2.0]),
        pyarrow.array([Decimal("2.0")] * 3),
    ],
)
def test_text_and_numbers_of_any_type_are_read(golds):
    """How Arrow keeps texts, and whether a gold answer is a number, changes no verdict."""
    graded = grade_table(pyarrow.table({"response": RESPONSES, "gold": golds}))
    assert graded.column("outcome").to_pylist() == ["equal", "different", "equal"]


@pytest.mark.parametrize("empty", [pyarrow.table, pyarrow.record_batch])
def test_an_empty_table_has_the_columns_too(empty):
    """Without rows there are columns of text nevertheless."""
    rows = {"response": pyarrow.array([], pyarrow.string()), "gold": pyarrow.array([], pyarrow.string())}
    schema = grade_table(empty(rows)).schema
    assert [schema.field(name).type for name in VERDICT_COLUMNS] == [pyarrow.string()] * 3


def test_null_is_no_answer_or_no_gold_answer():
    """A missing response has no answer, a missing gold answer cannot be read, a missing problem is none."""
    said = "It is 2."
    table = pyarrow.table({"r": [None, said, said], "g": ["2", None, "2"], "p": [None, "What?", None]})
    graded = grade_table(table, response="r", gold="g", context="p")
    assert graded.column("reason").to_pylist() == ["no_answer", "unparsed_gold", "same_value"]


def test_a_table_may_be_graded_again():
    """The three columns are replaced, and the table's metadata stays."""
    table = pyarrow.table({"response": RESPONSES, "gold": ["2", "2", "2"]}).replace_schema_metadata(
        {"a": "b"}
    )
    once = grade_table(table)
    assert grade_table(once).equals(once, check_metadata=True)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"response": ["1"], "answer": ["1"]},
            "field 'gold': expected one such column among response, answer",
        ),
        ({"response": ["1"], "gold": [["1"]]}, "line 1, field 'gold': expected text or a number, found list"),
        ({"response": ["1", "2"], "gold": [b"1", b"2"]}, "line 1, field 'gold': .* found bytes"),
        ({"response": ["1"], "gold": [True]}, "found bool"),
    ],
)
def test_what_cannot_be_read_is_named(columns, said):
    """A missing column, and a cell that is neither text nor a number, are named."""
    table = pyarrow.table(
        {
            name: pyarrow.array(cells, pyarrow.binary() if b"1" in cells else None)
            for name, cells in columns.items()
        }
    )
    with pytest.raises(DataError, match=said):
        grade_table(table)


def test_another_kind_of_table_is_refused_by_name():
    """Rows in Python's own lists are no Arrow table, which the error says."""
    with pytest.raises(TypeError, match=r"pyarrow.Table, got list; try pyarrow.table"):
        grade_table([{"response": "1", "gold": "1"}])
