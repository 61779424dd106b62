"""Preference and reinforcement examples, and the graders of the latter."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from mathtune.errors import DataError
from mathtune.formatting import (
    ChatFormatter,
    Message,
    MultiGrader,
    PreferenceFormatter,
    PythonGrader,
    ReinforcementExample,
    ReinforcementFormatter,
    ScoreModelGrader,
    StringCheckGrader,
    TextSimilarityGrader,
    check_examples,
    check_file,
    item_keys,
    preference_pairs,
    to_dataset,
    verified_examples,
    verl_rows,
    write_jsonl,
)
from mathtune.problems import Problem, read_problems

CONTRACT = Path(__file__).parents[2] / "../shared/contracts/openai-openapi.yaml"
CHAT = ChatFormatter(system="Solve.", prompt="{problem} Box it.")
SUM = Problem(id="s1", problem="What is $2+2$?", answer="4", subject="Arithmetic", level=1)


def test_a_preference_has_the_shape_of_the_protocol():
    """The question goes into `input`, each answer into a list of one assistant message."""
    found = PreferenceFormatter(chat=CHAT).format(SUM, preferred="\\boxed{4}", rejected="\\boxed{5}")
    assert found.to_dict() == {
        "input": {
            "messages": [
                {"role": "system", "content": "Solve."},
                {"role": "user", "content": "What is $2+2$? Box it."},
            ]
        },
        "preferred_output": [{"role": "assistant", "content": "\\boxed{4}"}],
        "non_preferred_output": [{"role": "assistant", "content": "\\boxed{5}"}],
    }


@pytest.mark.parametrize(("good", "bad"), [("a", "a"), ("", "a"), ("a", " ")])
def test_a_preference_needs_two_different_answers(good, bad):
    """Nothing can be preferred to itself or to nothing."""
    with pytest.raises(DataError, match="problem 's1'"):
        PreferenceFormatter().format(SUM, preferred=good, rejected=bad)


def test_pairs_come_from_verified_and_failed_responses():
    """Equal answers in any form are preferred, others rejected, the shortest first."""
    said = {
        "s1": [
            "Two and two make $\\boxed{\\frac{8}{2}}$.",
            "\\boxed{4}",
            "It must be $\\boxed{5}$.",
            "I do not know at all.",
            "\\boxed{4}",
        ]
    }
    pairs = preference_pairs([SUM], said, per_problem=5)
    assert [(p.preferred, p.rejected) for p in pairs] == [
        ("\\boxed{4}", "I do not know at all."),
        ("Two and two make $\\boxed{\\frac{8}{2}}$.", "It must be $\\boxed{5}$."),
    ]
    assert len(preference_pairs([SUM], said)) == 1


def test_what_was_solved_always_or_never_gives_no_pair():
    """A pair needs both kinds; problems without responses or answer are passed over."""
    unknown = Problem(id="u", problem="?")
    said = {"s1": ["\\boxed{4}"], "u": ["\\boxed{4}"]}
    assert preference_pairs([SUM, unknown, Problem(id="x", problem="?", answer="1")], said) == []
    assert preference_pairs([SUM], {"s1": ["\\boxed{5}", "\\boxed{6}"]}) == []


def test_reinforcement_examples_ask_and_tell_the_grader():
    """A system prompt becomes a developer's, and the gold answer is an item for the grader."""
    found = ReinforcementFormatter(chat=CHAT).format(SUM)
    assert found.to_dict() == {
        "messages": [
            {"role": "developer", "content": "Solve."},
            {"role": "user", "content": "What is $2+2$? Box it."},
        ],
        "answer": "4",
        "problem_id": "s1",
        "problem": "What is $2+2$?",
        "subject": "Arithmetic",
        "level": 1,
    }


def test_reinforcement_needs_an_answer_and_free_keys():
    """Without a gold answer there is no reward, and `messages` is the protocol's own key."""
    with pytest.raises(DataError, match="problem 'u' has no answer"):
        ReinforcementFormatter().format_all([Problem(id="u", problem="?")])
    with pytest.raises(DataError, match="'messages'"):
        ReinforcementExample(messages=[Message("user", "?")], item={"messages": 1})


def test_what_the_formatters_write_passes_the_check(tmp_path):
    """Drills in each of the other two methods are without fault, as rows and as files."""
    drills = read_problems("mathtune:drills", split="train", limit=24)
    pairs = [
        PreferenceFormatter().format(d, preferred=f"\\boxed{{{d.answer}}}", rejected="no") for d in drills
    ]
    tasks = ReinforcementFormatter(chat=CHAT).format_all(drills)
    grader = StringCheckGrader(name="same")
    assert (
        check_examples(pairs, method="dpo")
        == check_file(write_jsonl(pairs, tmp_path / "d.jsonl"), method="dpo")
        == []
    )
    assert check_examples(tasks, method="reinforcement", grader=grader) == []
    assert check_file(write_jsonl(tasks, tmp_path / "r.jsonl"), method="reinforcement", grader=grader) == []


def test_a_grader_that_reads_what_no_example_holds_is_found():
    """An example without a key of the grader's template is an error of its line."""
    tasks = [
        t.to_dict() for t in ReinforcementFormatter().format_all(read_problems("mathtune:drills", limit=12))
    ]
    del tasks[3]["answer"]
    grader = MultiGrader(
        name="all",
        graders={"same": StringCheckGrader(name="same"), "near": TextSimilarityGrader(name="near")},
        calculate_output="max(same, near)",
    )
    findings = check_examples(tasks, method="reinforcement", grader=grader)
    assert [(f.line, f.field, f.rule) for f in findings] == [(4, "answer", "item")]


SCORE = ScoreModelGrader(
    name="judge",
    model="gpt-4.1",
    messages=(Message("user", "Is {{ sample.output_text }} the same as {{ item.answer }}?"),),
    range=(0, 1),
    seed=7,
    max_tokens=50,
)
PYTHON = PythonGrader(name="code", source="def grade(sample, item):\n    return 1.0\n")
GRADERS = [
    StringCheckGrader(name="same", operation="ilike"),
    TextSimilarityGrader(name="near", evaluation_metric="rouge_l"),
    SCORE,
    PYTHON,
    MultiGrader(
        name="all", graders={"judge": SCORE, "code": PYTHON}, calculate_output="0.5 * (judge + code) ^ 2"
    ),
]


@pytest.mark.parametrize("grader", GRADERS, ids=lambda grader: grader.name)
@pytest.mark.skipif(not CONTRACT.exists(), reason="needs ../shared/contracts")
def test_graders_keep_the_contract(grader):
    """Each grader's object has the keys and values that the API specification allows."""
    import jsonschema
    import yaml

    document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    name = {"string_check": "StringCheck", "text_similarity": "TextSimilarity", "score_model": "ScoreModel"}
    row = json.loads(json.dumps(grader.to_dict()))
    schema = f"Grader{name.get(row['type'], row['type'].title())}"
    components = document["components"]
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": components}
    )
    assert [error.message for error in validator.iter_errors(row)] == []
    assert set(row) <= set(components["schemas"][schema]["properties"])


def test_sampling_of_a_judge_has_the_protocols_odd_name():
    """The protocol writes max_completions_tokens, with an s."""
    assert SCORE.to_dict()["sampling_params"] == {"seed": 7, "max_completions_tokens": 50}


def test_keys_are_read_from_every_template():
    """Templates are found in nested graders, messages and lists."""
    assert item_keys(GRADERS[-1]) == {"answer"}
    assert item_keys(
        StringCheckGrader(name="x", input="{{ item.a.b[0] }} {{sample.output_text}}", reference="y")
    ) == {"a"}
    assert item_keys({"input": [{"content": "{{item.z}}"}]}) == {"z"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StringCheckGrader(name="x", operation="same"), "one of eq, ne, like, ilike"),
        (lambda: StringCheckGrader(name="x", reference="{{ items.answer }}"), "is no reference"),
        (lambda: StringCheckGrader(name="x", reference="{{ item.answer|upper }}"), "is no reference"),
        (lambda: TextSimilarityGrader(name="x", evaluation_metric="cosine"), "one of fuzzy_match"),
        (lambda: ScoreModelGrader(name="x", model="m", messages=(), range=(1, 0)), "lower and a higher"),
        (
            lambda: ScoreModelGrader(name="x", model="m", messages=(Message("user", "{{ x }}"),)),
            "is no reference",
        ),
        (lambda: ScoreModelGrader(name="x", model="m", messages=(), reasoning_effort="much"), "one of none"),
        (lambda: PythonGrader(name="x", source="def grade(:"), "not Python"),
        (
            lambda: PythonGrader(name="x", source="def score(sample, item): return 1"),
            "expected a function grade",
        ),
        (lambda: PythonGrader(name="x", source="def grade(sample): return 1"), "expected a function grade"),
        (
            lambda: PythonGrader(name="x", source="def grade(sample, item): return 1\n#" + "x" * 256_000),
            "bytes",
        ),
        (lambda: MultiGrader(name="x", graders={}, calculate_output="1"), "at least one"),
        (
            lambda: MultiGrader(name="x", graders={"a": GRADERS[-1]}, calculate_output="a"),
            "cannot hold another",
        ),
        (lambda: MultiGrader(name="x", graders={"a": PYTHON}, calculate_output="b"), "'b' is neither"),
        (lambda: MultiGrader(name="x", graders={"a": PYTHON}, calculate_output="(a"), "brackets"),
        (lambda: MultiGrader(name="x", graders={"a": PYTHON}, calculate_output="a)"), "brackets"),
        (lambda: MultiGrader(name="x", graders={"a": PYTHON}, calculate_output=""), "brackets"),
        (
            lambda: MultiGrader(name="x", graders={"a": PYTHON}, calculate_output="a; import os"),
            "no part of a formula",
        ),
    ],
)
def test_a_grader_that_cannot_work_is_refused(make, message):
    """What a server would reject, or score 0 for every sample, is an error when the grader is made."""
    with pytest.raises(DataError, match=message):
        make()


def test_a_source_is_never_run():
    """The source of a Python grader is parsed and sent, and does nothing here."""
    source = "raise SystemExit('ran')\ndef grade(sample, item):\n    return 1.0\n"
    assert PythonGrader(name="x", source=source).to_dict()["source"] == source


def test_verified_responses_become_examples():
    """Only right responses are learned, the shortest first, and not the same way twice."""
    long = "Count on from two, one step at a time: first three, then four. So it is $\\boxed{4}$"
    said = {"s1": ["\\boxed{5}", long, long.replace("then", "next"), "$\\boxed{4}$"]}
    examples = verified_examples([SUM, attrs.evolve(SUM, id="u")], said, formatter=CHAT, per_problem=3)
    assert [e.messages[-1].content for e in examples] == ["$\\boxed{4}$", long.replace("then", "next")]
    assert examples[0].messages[:-1] == CHAT.messages(SUM)
    assert len(verified_examples([SUM], said)) == 1


def test_trl_gets_its_columns():
    """Each kind of example has the columns that TRL's trainer for it takes."""
    chat = CHAT.format(SUM)
    pair = PreferenceFormatter(chat=CHAT).format(SUM, preferred="a", rejected="b")
    task = ReinforcementFormatter(chat=CHAT).format(SUM)
    assert to_dataset([chat]).column_names == ["messages"]
    assert to_dataset([pair]).column_names == ["prompt", "chosen", "rejected"]
    assert to_dataset([pair])[0]["rejected"] == [{"role": "assistant", "content": "b"}]
    assert set(to_dataset([task]).column_names) == {"prompt", *task.item}


def test_verl_rows_can_be_read_back(tmp_path):
    """Rows in verl's layout, written as Parquet, are read again as the same problems."""
    import datasets

    drills = read_problems("mathtune:drills", split="train", limit=8)
    tasks = ReinforcementFormatter(chat=ChatFormatter(system="Solve.", prompt="{problem}")).format_all(drills)
    rows = verl_rows(tasks, data_source="drills", split="train", extra={"note": "x"})
    assert set(rows[0]) == {"data_source", "prompt", "ability", "reward_model", "extra_info"}
    datasets.Dataset.from_list(rows).to_parquet(tmp_path / "train.parquet")
    again = read_problems(tmp_path / "train.parquet")
    assert [(p.problem, p.answer, p.source) for p in again] == [
        (d.problem, d.answer, "drills") for d in drills
    ]
    assert [p.metadata["extra_info"]["problem_id"] for p in again] == [d.id for d in drills]
