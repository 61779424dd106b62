"""Reading problems: every kind of source, every way in which one can be bad."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mathtune.errors import DataError, StorageError
from mathtune.problems import Problem, Problems, read_problems

ROW = {
    "problem": "What is $\\frac{1}{2}+\\frac{1}{3}$?",
    "level": "Level 2",
    "type": "Prealgebra",
    "solution": "Over six: $\\frac{3}{6}+\\frac{2}{6}=\\boxed{\\frac{5}{6}}$.",
}
ADD = {"question": "What is $2+3$?", "answer": "5"}


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def math_folder(tmp_path):
    """Four files in MATH's layout, one of them with an unknown level."""
    root = tmp_path / "MATH"
    for place, level in {
        "train/algebra/2": 5,
        "train/algebra/10": "?",
        "train/geometry/1": 1,
        "test/algebra/2": 3,
    }.items():
        file = root / f"{place}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            json.dumps(ROW | {"problem": f"What is at {place}?", "level": f"Level {level}"}, indent=2)
        )
    return root


def test_a_row_of_math_becomes_a_problem(tmp_path):
    """The gold answer is the solution's last box, and the level is a number."""
    (problem,) = read_problems(write_lines(tmp_path / "rows.jsonl", [ROW]))
    assert problem == Problem(
        id="rows:1",
        problem=ROW["problem"],
        solution=ROW["solution"],
        answer="\\frac{5}{6}",
        subject="Prealgebra",
        level=2,
        source="rows.jsonl",
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Problem": "p", "Short Answer": "3", "Category": "Algebra"}, {"answer": "3", "subject": "Algebra"}),
        ({"Question": "p", "Answer": True}, {"answer": "True"}),
        ({"Question": "p", "Answer": [0, 5]}, {"answer": "0, 5"}),
        ({"question": "p", "answer": 27.0}, {"answer": "27"}),
        ({"question": "p", "answer": 1e-07}, {"answer": "0.0000001"}),
        ({"question": "p", "answer": "$x+1$"}, {"answer": "x+1"}),
        ({"question": "p", "answer": "$1$ and $2$"}, {"answer": "$1$ and $2$"}),
        ({"problem": "p", "expected_answer": "7", "reference_solution": "s"}, {"solution": "s"}),
        ({"problem_text": "p", "answer_number": "50.7", "unit": "atm"}, {"metadata": {"unit": "atm"}}),
        ({"question": "p", "final_answer": ["$2$"], "solution": ["a", "b"]}, {"solution": "a"}),
        ({"informal_statement": "p", "informal_solution": "$\\boxed{4}$"}, {"answer": "4"}),
        (
            {
                "prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "p"}],
                "reward_model": {"style": "rule", "ground_truth": "34"},
                "data_source": "contest",
            },
            {"problem": "p", "answer": "34", "source": "contest"},
        ),
        (
            {"problem": "p", "answer": "1", "level": "college math"},
            {"level": None, "metadata": {"level": "college math"}},
        ),
        ({"problem": "p", "answer": "1", "level": "Level ?"}, {"level": None}),
        ({"problem": "p", "answer": "1", "level": 4}, {"level": 4}),
        (
            {"problem": "p", "answer": "1", "domain": ["Mathematics -> Number Theory -> Primes", "Logic"]},
            {
                "subject": "Number Theory",
                "metadata": {"domain": ["Mathematics -> Number Theory -> Primes", "Logic"]},
            },
        ),
        ({"problem": "p", "answer": ["3", "-3"]}, {"answer": "3", "metadata": {"answer": ["3", "-3"]}}),
        ({"problem": "p", "answer": "\\boxed{y = 2}"}, {"answer": "y = 2"}),
        ({"problem": "p", "answer": "  8\n", "solution": None}, {"answer": "8", "solution": None}),
        ({"problem": "p", "answer": "1", "id": 12}, {"id": "12"}),
        ({"problem": "p", "answer": "9", "solution": "It is \\boxed{8}."}, {"answer": "9"}),
    ],
)
def test_columns_are_found_under_the_names_that_datasets_use(row, expected):
    """Whatever a dataset calls its columns, they become the same fields."""
    (problem,) = read_problems([row])
    assert {name: getattr(problem, name) for name in expected} == expected


def test_gsm8k_rows_lose_their_notes_and_hashes():
    """The answer stands behind ####, and calculator notes are no mathematics."""
    text = "Each day 4*3 = <<4*3=12>>12.\nIn a week $<<12*7=84>>84.\n#### 84"
    (problem,) = read_problems([{"question": "How much in a week?", "answer": text}])
    assert problem.answer == "84"
    assert problem.solution == "Each day 4*3 = 12.\nIn a week $84."
    assert problem.metadata == {"answer": text}


def test_all_other_columns_go_to_metadata():
    """No column is lost."""
    (problem,) = read_problems([ADD | {"year": 2020, "tags": ["sum"], "nested": {"a": 1.5}}])
    assert problem.metadata == {"year": 2020, "tags": ["sum"], "nested": {"a": 1.5}}


def test_metadata_can_be_written_as_json():
    """Values that no JSON file can hold become text."""
    import datetime as dt

    (problem,) = read_problems([ADD | {"day": dt.date(2020, 1, 2), "half": "\ud835", "share": float("inf")}])
    assert problem.metadata == {"day": "2020-01-02", "half": "?", "share": None}
    json.dumps(problem.to_dict(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "content",
    [
        [ADD, ROW],
        {"data": [ADD, ROW]},
        {"version": 1, "rows": [ADD, ROW]},
        {"a": ADD, "b": ROW},
    ],
)
def test_a_json_file_holds_a_list_or_an_object_around_one(tmp_path, content):
    """A list, an object with one list, and an object of rows by id are read alike."""
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [p.answer for p in read_problems(path)] == ["5", "\\frac{5}{6}"]


def test_keys_of_an_object_of_rows_are_ids(tmp_path):
    """Rows that lie under their ids keep them."""
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"first": ADD, "second": ROW}), encoding="utf-8")
    assert [p.id for p in read_problems(path)] == ["first", "second"]


def test_the_folder_of_math_is_read_in_order(math_folder):
    """Ids are paths from the folder of the splits, numbers in their order, and an unknown level is None."""
    problems = read_problems(math_folder, split="train")
    assert [(p.id, p.level) for p in problems] == [
        ("train/algebra/2.json", 5),
        ("train/algebra/10.json", None),
        ("train/geometry/1.json", 1),
    ]
    assert {p.metadata["split"] for p in problems} == {"train"}
    assert read_problems(math_folder / "train") == Problems(Problem.from_dict(p.to_dict()) for p in problems)
    assert [p.id for p in read_problems(math_folder, config="geometry")] == ["train/geometry/1.json"]
    assert len(read_problems(math_folder)) == 4


def test_an_unknown_split_or_config_of_a_folder_is_an_error(math_folder):
    """A split or config that is not there is named."""
    with pytest.raises(DataError, match="no file of split 'dev'"):
        read_problems(math_folder, split="dev")
    with pytest.raises(DataError, match="no file of config 'topology'"):
        read_problems(math_folder, config="topology")


def test_a_broken_file_of_the_folder_is_named_with_its_line(math_folder):
    """The path and the line of broken JSON are told; skipping keeps the rest."""
    (math_folder / "train/algebra/2.json").write_text('{\n "problem": "p",\n "solution": \n}')
    with pytest.raises(DataError, match=r"algebra.2\.json:4: not JSON") as caught:
        read_problems(math_folder)
    assert caught.value.line == 4
    with pytest.warns(UserWarning, match="1 of 4 rows were skipped"):
        assert len(read_problems(math_folder, on_error="skip").skipped) == 1


def test_parquet_saved_and_loadable_folders_give_the_same_problems(tmp_path):
    """Parquet files, save_to_disk and a folder of data files are read alike, offline."""
    import datasets

    rows = [ROW | {"id": f"r{n}", "problem": f"What is ${n}$?"} for n in range(3)]
    table = datasets.Dataset.from_list(rows)
    table.to_parquet(tmp_path / "rows.parquet")
    table.save_to_disk(tmp_path / "saved")
    datasets.DatasetDict({"train": table, "test": table.select([0])}).save_to_disk(tmp_path / "splits")
    (tmp_path / "loadable").mkdir()
    write_lines(tmp_path / "loadable" / "train.jsonl", rows)
    write_lines(tmp_path / "loadable" / "test.jsonl", rows[:1])
    expected = [(f"r{n}", f"What is ${n}$?", "\\frac{5}{6}", 2) for n in range(3)]
    for source, split in (
        ("rows.parquet", None),
        ("saved", None),
        ("splits", "train"),
        ("loadable", "train"),
    ):
        found = read_problems(tmp_path / source, split=split)
        assert [(p.id, p.problem, p.answer, p.level) for p in found] == expected, source
    with pytest.raises(DataError, match="has no split 'dev'; it has test, train"):
        read_problems(tmp_path / "splits", split="dev")
    with pytest.raises(DataError, match="dev"):
        read_problems(tmp_path / "loadable", split="dev")


def test_rows_in_memory_are_read():
    """Mappings, a datasets.Dataset, pandas and polars frames are all rows."""
    import datasets
    import pandas as pd
    import polars as pl

    rows = [{"problem": "What is $2+3$?", "answer": "5"}, {"problem": "What is $2+4$?", "answer": "6"}]
    expected = read_problems(rows)
    assert [p.answer for p in expected] == ["5", "6"]
    for table in (iter(rows), datasets.Dataset.from_list(rows), pd.DataFrame(rows), pl.DataFrame(rows)):
        assert read_problems(table) == expected


def test_missing_values_of_a_frame_are_missing():
    """A NaN of pandas in the answer column does not become an answer."""
    import pandas as pd

    frame = pd.DataFrame([{"problem": "p", "answer": "5", "level": 2.0}, {"problem": "q", "answer": None}])
    with pytest.raises(DataError, match=r"table:2, field .answer."):
        read_problems(frame)
    with pytest.warns(UserWarning, match="1 of 2"):
        assert read_problems(frame, on_error="skip")[0].level == 2


def test_the_drills_are_a_source():
    """The built-in drills are read by name, by split, and by subject as config."""
    train = read_problems("mathtune:drills", split="train", limit=16)
    assert len(train) == 16
    assert len({p.subject for p in train}) == 8
    assert {p.subject for p in read_problems("mathtune:drills", config="geometry", limit=5)} == {"geometry"}
    with pytest.raises(DataError, match="train and test"):
        read_problems("mathtune:drills", split="dev")


def test_limit_takes_the_first_good_rows(tmp_path):
    """With a limit the rows behind it are not even looked at."""
    path = write_lines(tmp_path / "rows.jsonl", [ADD, ADD, ["not", "a", "row"]])
    assert [p.id for p in read_problems(path, limit=2)] == ["rows:1", "rows:2"]
    with pytest.raises(DataError, match="at least 1"):
        read_problems(path, limit=0)


BAD = [
    ('{"problem": "p", "answer": "1"', "not JSON", None),
    ('["problem"]', "found list", None),
    ('{"answer": "1"}', "no problem", "problem"),
    ('{"problem": "  ", "answer": "1"}', "no problem", "problem"),
    ('{"problem": 3, "answer": "1"}', "expected a text, found int", "problem"),
    ('{"problem": "p"}', "no answer", "answer"),
    ('{"problem": "p", "answer": ""}', "no answer", "answer"),
    ('{"problem": "p", "solution": "It is 4."}', "expected a \\boxed answer", "solution"),
    ('{"problem": "p", "solution": "\\\\boxed{4"}', "expected a \\boxed answer", "solution"),
    ('{"problem": "p", "answer": {"a": 1}}', "found dict", "answer"),
    ('{"problem": "p", "answer": Infinity}', "found float", "answer"),
    ('{"problem": "half a pair \\ud835", "answer": "1"}', "surrogate", "problem"),
    ('{"problem": "p", "answer": "1", "id": "taken"}', "'taken' is used twice, first in", "id"),
]


@pytest.mark.parametrize(("line", "message", "field"), BAD)
def test_a_bad_row_names_file_line_and_field(tmp_path, line, message, field):
    """A bad row is an error that says where it stands; skipped, it is counted, and all others are read."""
    path = tmp_path / "rows.jsonl"
    good = json.dumps(ADD | {"id": "taken"}), json.dumps(ADD | {"id": "other"})
    path.write_text(f"{good[0]}\n\n{line}\n{good[1]}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_problems(path)
    assert (caught.value.path, caught.value.line, caught.value.field) == (str(path), 3, field)
    assert message in str(caught.value)
    with pytest.warns(UserWarning, match=r"1 of 3 rows were skipped; the first: .*rows\.jsonl:3"):
        problems = read_problems(path, on_error="skip")
    assert [p.id for p in problems] == ["taken", "other"]
    assert str(caught.value).startswith(str(problems.skipped[0]))


def test_bytes_that_are_no_utf8_are_a_bad_row(tmp_path):
    """A line in another encoding is told with its byte, and skipped alone."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(json.dumps(ADD).encode() + b'\n{"problem": "\xe9"}\n')
    with pytest.raises(DataError, match=r"rows\.jsonl:2: not UTF-8 \(byte 13"):
        read_problems(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.jsonl", b"", "holds no problems"),
        ("rows.jsonl", b"\n \n", "holds no problems"),
        ("rows.json", b"", "the file is empty"),
        ("rows.json", b"[]", "holds no problems"),
        ("rows.json", b'[\n{"problem": "p",}\n]', ":2: not JSON"),
        ("rows.json", b"[" * 100_000, "nested too deeply"),
        ("rows.json", b'"text"', "expected a list of problems, found str"),
        ("rows.json", b"\xef\xbb\xbf[]", "holds no problems"),
        ("rows.parquet", b"PAR1 but no table", "not a Parquet file"),
        ("rows.txt", b"problem,answer\n", "expected a file ending in .json, .jsonl, .parquet, .csv"),
        ("rows.csv", b"problem,answer\n", "holds no problems"),
        ("rows.csv", b"", "holds no problems"),
        ("rows.csv", b"problem,answer\n1+1?,2,3\n", "expected 2 columns, as the first line names, found 3"),
        ("rows.csv", b"problem,answer,answer\n1+1?,2,3\n", ":1: two columns are called 'answer'"),
        ("rows.csv", b'problem,answer\n"1+1?,2\n', "not CSV in UTF-8"),
        ("rows.csv", b"problem,answer\n\xff,2\n", "not CSV in UTF-8"),
    ],
)
def test_a_file_that_holds_nothing_readable_says_so(tmp_path, name, content, message):
    """Empty, broken and foreign files each have their own message."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_problems(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_a_storage_error(tmp_path):
    """A path that is not there is told as such, and is a FileNotFoundError's kin."""
    with pytest.raises(StorageError, match="No such file"):
        read_problems(tmp_path / "missing.jsonl")


def test_a_name_that_is_nothing_says_what_would_do():
    """A text that can be neither path nor hub id is refused before anything is asked."""
    with pytest.raises(DataError, match="a dataset's id on the hub such as"):
        read_problems("no such thing")


def test_split_and_config_are_refused_where_there_are_none(tmp_path):
    """An option that cannot be obeyed is an error, not ignored."""
    path = write_lines(tmp_path / "rows.jsonl", [ADD])
    with pytest.raises(DataError, match="a single file has no splits"):
        read_problems(path, split="train")
    with pytest.raises(DataError, match="a single file has no configs"):
        read_problems(path, config="main")
    with pytest.raises(DataError, match="'raise' or 'skip'"):
        read_problems(path, on_error="ignore")


def run_offline(code, tmp_path, **environment):
    """Run code in a fresh interpreter, whose `datasets` reads its settings at import."""
    import os

    settings = os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_DISABLE_PROGRESS_BARS": "1"} | environment
    return subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=False, timeout=120
    )


ASK = """
from mathtune.errors import MathtuneError
from mathtune.problems import read_problems
try:
    read_problems("nobody/nothing")
except MathtuneError as error:
    print(type(error).__name__, error)
"""


def test_an_unreachable_hub_is_told_once(tmp_path):
    """Without the hub the error says that it cannot be reached and what to do instead."""
    done = run_offline(ASK, tmp_path, HF_HUB_OFFLINE="1")
    assert done.stdout.startswith("UnreachableError cannot reach the Hugging Face hub for 'nobody/nothing'")
    assert "give a local file" in done.stdout


def test_an_unknown_id_is_told_apart_from_an_unreachable_hub(tmp_path):
    """A hub that answers 404 is a DataError that says to check the spelling."""
    import http.server
    import threading

    class Hub(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = b'{"error": "Repository not found"}'
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815  (the names that http.server calls)

        def log_message(self, *_):
            """Keep the test's output clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as hub:
        threading.Thread(target=hub.serve_forever, daemon=True).start()
        done = run_offline(
            ASK,
            tmp_path,
            HF_ENDPOINT=f"http://127.0.0.1:{hub.server_port}",
            HF_HUB_OFFLINE="0",
            HF_DATASETS_OFFLINE="0",
        )
        hub.shutdown()
    assert done.stdout.startswith("DataError nobody/nothing: no dataset of this id on the hub"), done.stderr


def test_the_commit_of_a_hub_dataset_is_kept(tmp_path):
    """Where a dataset says at which commit it was read, each problem's metadata holds it."""
    datasets = pytest.importorskip("datasets")
    table = datasets.Dataset.from_list([{"problem": "$1+1$?", "answer": "2"}])
    commit = "0123456789abcdef0123456789abcdef01234567"
    table.info.download_checksums = {f"hf://datasets/some/sums@{commit}/data/train.parquet": {}}
    table.save_to_disk(tmp_path / "sums")
    assert read_problems(tmp_path / "sums")[0].metadata == {"revision": commit}


@pytest.mark.parametrize("files", [[], ["notes.txt"], ["code/a.py", "plot.png"]], ids=str)
def test_a_folder_without_data_says_what_was_expected(tmp_path, files):
    """No guess of another library's about it: the three kinds of folder that can be read are named."""
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("nothing to read")
    with pytest.raises(DataError, match=r"holds no problems: expected MATH's layout"):
        read_problems(tmp_path)


def test_a_folder_of_which_a_part_would_be_read_is_refused(tmp_path):
    """`datasets` takes files named for a split and drops the others without a word; here they are named."""
    for name in ("gold_test.jsonl", "more.jsonl"):
        (tmp_path / name).write_text('{"problem": "$1+1$?", "answer": "2"}\n')
    with pytest.raises(DataError, match=r"and more\.jsonl for none: read them one by one"):
        read_problems(tmp_path)
    (tmp_path / "more.jsonl").rename(tmp_path / "more_train.jsonl")
    assert len(read_problems(tmp_path)) == 2


@pytest.mark.parametrize("name", [".", ".."])
def test_a_folder_may_be_where_one_stands(tmp_path, monkeypatch, name):
    """A folder that is given without its name is read like any other."""
    (tmp_path / "below").mkdir()
    (tmp_path / "train.jsonl").write_text('{"problem": "$1+1$?", "answer": "2"}\n')
    monkeypatch.chdir(tmp_path if name == "." else tmp_path / "below")
    assert [problem.answer for problem in read_problems(name)] == ["2"]


def test_a_broken_file_of_a_loadable_folder_says_what_is_wrong(tmp_path):
    """What `datasets` met is told, and not only that it met something."""
    (tmp_path / "train.jsonl").write_text('{"problem": "$1+1$?", "answer": "2"}\n{broken\n')
    with pytest.raises(DataError, match=r"`datasets` cannot load it: .*JSON parse error"):
        read_problems(tmp_path)


def test_a_csv_file_is_read_as_text(tmp_path):
    """Digits stay as they are written, quoted cells may hold line breaks, an empty cell is nothing."""
    path = tmp_path / "rows.csv"
    path.write_bytes(
        b"\xef\xbb\xbfproblem,answer,level,subject\n"
        b'"What is\n""007""?",007,Level 2,\n\n$1,$2\n1+1?,2,3,Sums\n'
    )
    with pytest.warns(UserWarning, match="1 of 3 rows were skipped"):
        problems = read_problems(path, on_error="skip")
    assert [(p.problem, p.answer, p.level, p.subject) for p in problems] == [
        ('What is\n"007"?', "007", 2, None),
        ("1+1?", "2", 3, "Sums"),
    ]
    assert str(problems.skipped[0]).startswith(f"{path}:5: expected 4 columns")
