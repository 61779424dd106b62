"""The check of fine-tuning files: every rule from the case files, then what concerns a file as a whole."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError, StorageError
from mathtune.formatting import (
    ChatFormatter,
    Example,
    Finding,
    Message,
    check_examples,
    check_file,
    write_jsonl,
)
from mathtune.problems import read_problems

CASES = Path(__file__).parent / "cases"


def cases(method):
    for number, line in enumerate((CASES / f"{method}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            rule, severity, field, row = (part.strip() for part in line.split("|", 3))
            yield pytest.param(method, (rule, severity, field), row, id=f"{method}:{number}-{rule}")


def good(number=0):
    return {
        "messages": [
            {"role": "user", "content": f"What is ${number}+1$?"},
            {"role": "assistant", "content": f"\\boxed{{{number + 1}}}"},
        ]
    }


GOOD = {
    "supervised": good,
    "dpo": lambda n: {
        "input": {"messages": good(n)["messages"][:1]},
        "preferred_output": good(n)["messages"][1:],
        "non_preferred_output": [{"role": "assistant", "content": "I do not know."}],
    },
    "reinforcement": lambda n: {"messages": good(n)["messages"][:1], "answer": str(n + 1)},
}


def written(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(("method", "told", "row"), [case for method in GOOD for case in cases(method)])
def test_each_rule_names_line_and_field(tmp_path, method, told, row):
    """A faulty line among good ones gives exactly its finding; a correct one gives none."""
    lines = [json.dumps(GOOD[method](n)) for n in range(12)]
    lines.insert(4, row)
    found = check_file(written(tmp_path / "train.jsonl", lines), method=method)
    findings = [f for f in found if f.rule == told[0] or f.rule != "mixed_system"]
    assert [(f.rule, f.severity, f.field) for f in findings] == ([] if told[0] == "ok" else [told])
    assert all(f.line == 5 and f.found and f.fix for f in findings)


@pytest.mark.parametrize("method", GOOD)
def test_rows_and_files_are_checked_alike(tmp_path, method):
    """check_examples finds in rows what check_file finds in their file."""
    told = [(case.values[1][0], case.values[2]) for case in cases(method)]
    rows = [json.loads(row) for rule, row in told if rule not in ("json", "blank_line")]
    path = written(tmp_path / "train.jsonl", map(json.dumps, rows))
    assert check_examples(rows, method=method) == check_file(path, method=method) != []


def test_what_the_formatter_writes_is_without_fault(tmp_path):
    """Drills, formatted and written, pass."""
    formatter = ChatFormatter(system="You are a careful mathematician.")
    examples = formatter.format_all(read_problems("mathtune:drills", split="train", limit=40))
    assert check_file(write_jsonl(examples, tmp_path / "train.jsonl")) == []
    assert check_examples(examples) == []


@pytest.mark.parametrize("count", [0, 1, 9, 10])
def test_fewer_than_ten_examples_are_too_few(tmp_path, count):
    """The server refuses a file of fewer than ten examples; so does the check, naming the number."""
    findings = check_file(written(tmp_path / "train.jsonl", [json.dumps(good(n)) for n in range(count)]))
    assert [(f.rule, f.line) for f in findings] == ([] if count == 10 else [("too_few", None)])
    if findings:
        assert findings[0].found.startswith(str(count))


def test_a_byte_order_mark_is_told_and_the_line_still_checked(tmp_path):
    """A byte order mark is an error of line 1, and hides no other."""
    lines = [json.dumps(good(n)) for n in range(10)]
    lines[0] = "\ufeff" + json.dumps({"messages": []})
    findings = check_file(written(tmp_path / "train.jsonl", lines))
    assert [(f.line, f.rule) for f in findings] == [(1, "byte_order_mark"), (1, "messages")]


def test_a_json_array_is_told_once(tmp_path):
    """An array instead of lines gives one finding that says so, not one for each line."""
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps([good(n) for n in range(20)], indent=1), encoding="utf-8")
    assert [(f.line, f.rule) for f in check_file(path)] == [(1, "array"), (None, "too_few")]


def test_a_pretty_printed_object_says_how_to_write_it(tmp_path):
    """An object over several lines is told at its first line, with the cure."""
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(good(), indent=1), encoding="utf-8")
    assert check_file(path)[0].fix == "write each object on one line"


def test_a_number_too_long_to_read_is_told(tmp_path):
    """A whole number of thousands of digits is a finding of its line, and the next ones are read."""
    lines = [json.dumps(good(n)) for n in range(10)]
    lines[3] = f'{{"messages": {"9" * 5_000}}}'
    (finding,) = check_file(written(tmp_path / "train.jsonl", lines))
    assert (finding.line, finding.rule) == (4, "json")


def test_another_encoding_is_told_with_its_byte(tmp_path):
    """Bytes that are no UTF-8 are told with line and place."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"".join(json.dumps(good(n)).encode() + b"\n" for n in range(10)) + b'{"caf\xe9": 1}\n')
    (finding,) = check_file(path)
    assert (finding.line, finding.rule) == (11, "encoding")
    assert "at 5" in finding.found


def test_the_name_has_to_end_in_jsonl(tmp_path):
    """The server takes .jsonl only."""
    path = written(tmp_path / "train.json", [json.dumps(good(n)) for n in range(10)])
    assert [f.rule for f in check_file(path)] == ["suffix"]


@pytest.mark.parametrize(
    ("size", "told"),
    [(512 * 2**20, None), (512 * 2**20 + 1, ("parts", "warning")), (2**33 + 1, ("size", "error"))],
)
def test_a_file_over_512_megabytes_goes_in_parts_and_one_over_8_gigabytes_nowhere(tmp_path, size, told):
    """The size is told before the lines; the file here is sparse."""
    path = tmp_path / "train.jsonl"
    with path.open("wb") as stream:
        stream.write(b"[\n")
        stream.truncate(size)
    findings = check_file(path)
    assert [f.rule for f in findings][-2:] == ["array", "too_few"]
    assert [(f.rule, f.severity) for f in findings[:-2]] == ([told] if told else [])


def test_warnings_for_the_whole_file_are_told_once(tmp_path):
    """Missing boxes, mixed system prompts and repeated lines each give one warning with the first line."""
    rows = [good(n) for n in range(12)]
    rows[3]["messages"][1]["content"] = "four"
    rows[7]["messages"][1]["content"] = "eight"
    rows[9]["messages"].insert(0, {"role": "system", "content": "Solve."})
    rows[11] = rows[10]
    findings = check_examples(rows)
    assert [(f.line, f.rule, f.severity) for f in findings] == [
        (4, "no_box", "warning"),
        (12, "repeated", "warning"),
        (10, "mixed_system", "warning"),
    ]
    assert findings[0].found.startswith("2 of 12 lines")


def test_many_findings_end_with_a_word_about_the_rest():
    """A wholly wrong file does not give a finding for each of its lines."""
    findings = check_examples([{}] * 50, limit=7)
    assert len(findings) == 8
    assert findings[-1].rule == "limit"


def test_reinforcement_files_have_a_largest_size():
    """For reinforcement a training file holds at most 50,000 examples, a validation file at most 1,000."""
    rows = [GOOD["reinforcement"](n) for n in range(1_001)]
    told = check_examples(rows, method="reinforcement", use="validation")
    assert [(f.rule, f.found, f.fix) for f in told] == [("too_many", "1,001 examples", "give at most 1,000")]
    assert check_examples(rows, method="reinforcement") == []
    assert check_examples(rows[:1_000], method="reinforcement", use="validation") == []
    many = check_examples(rows * 50, method="reinforcement")
    assert [(f.rule, f.severity) for f in many] == [("repeated", "warning"), ("too_many", "error")]


@pytest.mark.parametrize("method", GOOD)
@pytest.mark.parametrize("count", [0, 1])
def test_a_validation_file_may_be_short_but_not_empty(method, count):
    """One example is enough to measure on."""
    findings = check_examples([GOOD[method](1)] * count, method=method, use="validation")
    assert [f.rule for f in findings] == ([] if count else ["too_few"])


def test_what_no_single_line_shows_is_seen_for_every_method():
    """Missing boxes, repeated lines, another system prompt and cut answers, in pairs and tasks too."""
    asked = ChatFormatter(system="Be brief.", prompt="{problem}")
    pairs = [GOOD["dpo"](n) for n in range(11)]
    pairs[3]["preferred_output"][0]["content"] = "four"
    pairs[7] = pairs[6]
    pairs[8]["non_preferred_output"][0]["content"] = "no " * 70_000
    told = check_examples(pairs, method="dpo", formatter=asked, model="gpt-4.1")
    assert {(f.rule, f.line) for f in told} == {
        ("no_box", 4),
        ("repeated", 8),
        ("other_system", 1),
        ("too_long", 9),
    }
    tasks = [GOOD["reinforcement"](n) for n in range(10)]
    assert {f.rule for f in check_examples(tasks, method="reinforcement", formatter=asked)} == {
        "other_system"
    }
    for task in tasks:
        task["messages"].insert(0, {"role": "developer", "content": "Be brief."})
    assert check_examples(tasks, method="reinforcement", formatter=asked) == []


def test_an_unknown_method_and_a_missing_file_are_errors(tmp_path):
    """What cannot be checked is no finding, but an error."""
    with pytest.raises(DataError, match="supervised, dpo, reinforcement"):
        check_examples([], method="ppo")
    with pytest.raises(DataError, match="training, validation"):
        check_examples([], use="test")
    with pytest.raises(StorageError, match="No such file"):
        check_file(tmp_path / "missing.jsonl")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["messages", "role", "content", "tools", "input", "weight", "tool_calls", "type", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=4), st.sampled_from(sorted(GOOD)))
def test_no_json_value_makes_the_check_fail(rows, method):
    """Whatever a line holds, the check ends and gives findings."""
    findings = check_examples(rows, method=method)
    assert all(isinstance(f, Finding) for f in findings)
    assert any(f.rule == "too_few" for f in findings)


@given(json_values)
def test_what_passes_the_check_can_be_read(row):
    """A row without an error is an Example."""
    if not [f for f in check_examples([row] * 10) if f.severity == "error"]:
        assert isinstance(Example.from_dict(row), Example)


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Twenty times the lines need less than three times the memory."""

    def peak(lines):
        path = written(tmp_path / "train.jsonl", (json.dumps(good(n)) for n in range(lines)))
        tracemalloc.start()
        assert check_file(path) == []
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(10_000) < 20 * 60_000  # a hash a line and no text: a line has 110 bytes


def test_examples_are_checked_as_values():
    """Examples need not be written to be checked."""
    example = Example((Message("user", "$1+1$?"), Message("model", "\\boxed{2}")))
    assert {f.field for f in check_examples([example] * 10) if f.rule == "role"} == {"messages[1].role"}


def test_servers_differ_in_what_they_take(tmp_path):
    """Sizes, methods and output roles are those of the server that is named."""
    rows = [GOOD["dpo"](n) for n in range(12)]
    assert [f.rule for f in check_examples(rows, method="dpo", provider="bedrock")] == ["method"]
    rows[2]["preferred_output"] = [{"role": "tool", "content": "3", "tool_call_id": "c"}]
    assert "role" in {f.rule for f in check_examples(rows, method="dpo")}
    assert "role" not in {f.rule for f in check_examples(rows, method="dpo", provider="azure")}
    path = tmp_path / "train.jsonl"
    with path.open("wb") as stream:
        stream.write(b"[\n")
        stream.truncate(4 * 10**9)
    assert "parts" in {f.rule for f in check_file(path)}
    assert "size" in {f.rule for f in check_file(path, provider="crusoe")}
    assert {f.rule for f in check_file(path, provider="nebius")} == {"array", "too_few"}
    with pytest.raises(DataError, match="expected one of openai, local, azure, foundry"):
        check_examples(rows, provider="nobody")
