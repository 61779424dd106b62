"""Examples to and from files and datasets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError, ExampleError, StorageError
from mathtune.formatting import (
    ChatFormatter,
    Example,
    Message,
    ReinforcementFormatter,
    ToolFormatter,
    read_jsonl,
    to_dataset,
    write_jsonl,
)

texts = st.text(st.characters(codec="utf-8"))
messages = st.builds(
    Message,
    st.sampled_from(["system", "user", "assistant", "tool"]),
    texts | st.none(),
    weight=st.none() | st.integers(0, 1),
    name=st.none() | texts,
    tool_call_id=st.none() | texts,
)
examples = st.builds(Example, st.lists(messages, max_size=4), parallel_tool_calls=st.none() | st.booleans())


@given(st.lists(examples, max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    """Line breaks, quotes and every other character survive the file."""
    path = tmp_path_factory.mktemp("lines") / "train.jsonl"
    assert read_jsonl(write_jsonl(rows, path)) == rows
    assert len(path.read_bytes().splitlines()) == len(rows)


def test_a_line_holds_what_the_protocol_wants(tmp_path):
    """A line is one object with role and content, in UTF-8, and nothing that was not set."""
    path = write_jsonl(
        [Example((Message("user", "Wie groß?"), Message("assistant", "5 €")))], tmp_path / "train.jsonl"
    )
    assert path.read_text(encoding="utf-8") == (
        '{"messages": [{"role": "user", "content": "Wie groß?"}, {"role": "assistant", "content": "5 €"}]}\n'
    )


def test_tools_and_calls_are_kept(tmp_path):
    """A conversation with tool calls survives, in the protocol's own shape."""
    row = {
        "messages": [
            {"role": "user", "content": "$2\\cdot3$?"},
            {
                "role": "assistant",
                "content": None,
                "weight": 1,
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "x", "arguments": "{}"}}
                ],
            },
            {"role": "tool", "content": "6", "tool_call_id": "c1"},
            {"role": "assistant", "content": "\\boxed{6}"},
        ],
        "tools": [{"type": "function", "function": {"name": "x"}}],
        "parallel_tool_calls": False,
    }
    assert Example.from_dict(row).to_dict() == row


@pytest.mark.parametrize(
    ("line", "error", "field"),
    [
        ('{"messages": ', DataError, None),
        ("[1]", ExampleError, None),
        ('{"text": "hello"}', ExampleError, "messages"),
        ('{"messages": ["hello"]}', ExampleError, "messages"),
        ('{"messages": [{"content": "hello"}]}', ExampleError, "role"),
        ('{"messages": [{"role": "user", "content": "?", "text": "?"}]}', ExampleError, "text"),
        ('{"messages": [], "id": 1}', ExampleError, "id"),
    ],
)
def test_a_bad_line_names_path_line_and_field(tmp_path, line, error, field):
    """What is no example is an error that says where."""
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps({"messages": []}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(error) as caught:
        read_jsonl(path)
    assert (caught.value.path, caught.value.line, caught.value.field) == (str(path), 2, field)


def test_a_failing_iterator_leaves_the_old_file(tmp_path):
    """A file is replaced as a whole or not at all."""
    path = write_jsonl([Example((Message("user", "old"),))], tmp_path / "train.jsonl")

    def broken():
        yield Example((Message("user", "new"),))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_jsonl(broken(), path)
    assert read_jsonl(path)[0].messages[0].content == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["train.jsonl"]


@pytest.mark.parametrize("rows", [[{"messages": []}], "text"])
def test_what_is_no_example_is_refused(tmp_path, rows):
    """A row that is a dict already is told how it becomes an example; no file is left."""
    with pytest.raises(TypeError, match=r"^expected examples, found (dict|str).*Example\.from_dict"):
        write_jsonl(rows, tmp_path / "a.jsonl")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("formatter", [ChatFormatter(), ReinforcementFormatter(), ToolFormatter()])
def test_rows_are_read_before_they_are_formatted(formatter):
    """A formatter that is given rows says that problems are wanted."""
    with pytest.raises(TypeError, match=r"^expected problems, found dict"):
        formatter.format_all([{"problem": "1+1?", "answer": "2"}])


def test_a_folder_in_the_way_is_a_storage_error(tmp_path):
    """What the disk refuses is told with the path."""
    with pytest.raises(StorageError, match="cannot write"):
        write_jsonl([], tmp_path)


def test_a_dataset_has_the_column_that_trainers_take():
    """to_dataset gives one row an example, with `messages` as TRL reads it."""
    rows = [Example((Message("user", f"${n}$?"), Message("assistant", f"\\boxed{{{n}}}"))) for n in range(3)]
    dataset = to_dataset(rows)
    assert dataset.column_names == ["messages"]
    assert [Example.from_dict(row) for row in dataset] == rows
