from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError, StorageError
from mathtune.files import read_csv, read_json_lines, write_json_lines, write_text

from .presses import presses

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=5))
def test_rows_come_back_as_they_went(tmp_path_factory, rows):
    """Writing JSON lines and reading them gives the same values with line numbers from 1."""
    path = write_json_lines(tmp_path_factory.mktemp("rows") / "a.jsonl", rows)
    assert list(read_json_lines(path)) == list(enumerate(rows, 1))


def test_half_a_surrogate_pair_is_written_as_json_spells_it(tmp_path):
    """A text that UTF-8 cannot hold comes back as it was."""
    rows = [{"said": "\ud800 and \N{SNOWMAN}"}, "\udfff"]
    path = write_json_lines(tmp_path / "a.jsonl", rows)
    assert [row for _, row in read_json_lines(path)] == rows


def test_a_cell_of_a_csv_file_may_be_long(tmp_path):
    """A response with all its thoughts is read, which has more signs than the csv module allows by itself."""
    thoughts = "and so, " * 50_000
    path = tmp_path / "a.csv"
    path.write_text(f'response,answer\n"{thoughts}",5\n')
    assert list(read_csv(path)) == [(2, {"response": thoughts, "answer": "5"})]


def test_a_failing_writer_leaves_the_old_file_and_no_litter(tmp_path):
    """When the rows cannot be made, the target keeps its old text and no temporary file stays."""
    path = write_text(tmp_path / "a.txt", "old")

    def parts():
        yield "new"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_text(path, parts())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_ctrl_c_at_any_moment_leaves_the_old_file_or_the_new_one_and_no_litter(tmp_path):
    """Wherever the interruption falls, what stands there is whole, and nothing stands beside it."""
    path = write_text(tmp_path / "a.txt", "old")
    found = set()
    for _ in presses(lambda: write_text(path, "new")):
        found.add(path.read_text())
        assert os.listdir(tmp_path) == ["a.txt"]
        write_text(path, "old")
    assert found == {"old", "new"}


FULL_DISK = """
import resource, signal, sys
from mathtune.errors import StorageError
from mathtune.files import write_text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_text(sys.argv[1], "x" * 5000)
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs POSIX file size limits")
def test_a_full_disk_is_a_named_error_and_the_old_file_stays(tmp_path):
    """When the system refuses to write more, the error names the file and the old text is whole."""
    path = write_text(tmp_path / "a.txt", "old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    assert "cannot write" in done.stdout
    assert "a.txt" in done.stdout
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_made_is_a_named_error(tmp_path):
    """A target below a plain file is refused with a StorageError."""
    write_text(tmp_path / "a", "file")
    with pytest.raises(StorageError, match="cannot write"):
        write_text(tmp_path / "a" / "b", "text")


def test_the_file_has_the_permissions_of_a_plainly_written_one(tmp_path):
    """Whoever may read a plainly written file may read one written in one step."""
    plain = tmp_path / "plain"
    plain.write_text("x")
    ours = write_text(tmp_path / "ours", "x")
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_byte_order_mark_is_no_part_of_a_line(tmp_path):
    """Windows' editors put one at the beginning of a file; it is passed over."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\r\n')
    assert list(read_json_lines(path)) == [(1, {"a": 1}), (2, {"a": 2})]


@pytest.mark.parametrize(
    ("raw", "line", "text"),
    [
        (b'{"a": 1}\n{"a": \n', 2, "not JSON"),
        (b'{"a": 1}\n\n\xff\n', 3, "not UTF-8"),
        (b"{}\n\xef\xbb\xbf{}\n", 2, "not JSON"),
        (b"[" * 200_000, 1, "not JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", 1, "a number is too long"),
    ],
)
def test_a_broken_line_is_named(tmp_path, raw, line, text):
    """A line that is not UTF-8 JSON is reported with the file and its number."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=text) as caught:
        list(read_json_lines(path))
    assert caught.value.line == line
    assert caught.value.path == str(path)


def test_a_missing_file_is_a_storage_error(tmp_path):
    """A file that is not there is reported by name."""
    with pytest.raises(StorageError, match=r"missing.jsonl: cannot read"):
        list(read_json_lines(tmp_path / "missing.jsonl"))
