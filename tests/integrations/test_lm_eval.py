"""The `process_results` of lm-eval, alone and in a task of lm-eval's own."""

from __future__ import annotations

import json
import pickle

import pytest

import mathtune as mt
from mathtune.errors import DataError
from mathtune.integrations.lm_eval import MathResults, process_results

TASK = """
task: drills
dataset_path: json
dataset_kwargs: {data_files: {test: ROWS}}
test_split: test
output_type: generate_until
doc_to_text: "{{problem}}"
doc_to_target: "{{answer}}"
process_results: !function mathtune.integrations.lm_eval.process_results
generation_kwargs: {until: ["Problem:"]}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
"""


def test_a_document_gives_metrics():
    """The one response to a document is right or wrong, and a wrong one says whether it was any."""
    doc = {"problem": "What is $1/2 + 1/4$?", "answer": "0.75"}
    assert process_results(doc, [r"So \boxed{\frac34}."])["exact_match"] == 1.0
    assert process_results(doc, [r"So \boxed{\frac14}."])["exact_match"] == 0.0
    assert process_results(doc, [""])["no_answer"] == 1.0


def test_a_broken_gold_answer_counts_in_no_mean():
    """lm-eval takes means over the documents that have a metric, so a broken one has none."""
    given = process_results({"answer": r"\frac{1}{"}, [r"\boxed{7}"])
    assert given == {"no_answer": 0.0, "cut_off": 0.0, "undecided": 0.0, "unparsed_gold": 1.0}


def test_several_responses_give_their_mean():
    """Where the filter keeps all responses to a document, the document's metrics are shares of them."""
    given = process_results({"answer": "7"}, [[r"\boxed{7}", "7", r"\boxed{8}", ""]])
    assert (given["exact_match"], given["no_answer"]) == (0.5, 0.25)


def test_other_fields_and_policies_are_a_value():
    """Field names and policy travel in a frozen value that pickles; a missing field is named."""
    strict = MathResults(gold="target", context="question", policy=mt.Policy(weakest_sign="boxed"))
    assert pickle.loads(pickle.dumps(strict)) == strict
    assert strict({"target": 7}, ["It is 7."])["exact_match"] == 0.0
    with pytest.raises(DataError, match="field 'target': expected such a field among answer"):
        strict({"answer": "7"}, ["7"])


def test_a_task_of_lm_eval_is_scored(tmp_path):
    """A task's YAML names it, and the harness reports its means: a broken gold answer counts in none."""
    lm_eval = pytest.importorskip("lm_eval", reason="needs lm-eval: make integrations")
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    class Said(LM):
        def generate_until(self, requests, **_):
            return [rf"So \boxed{{{'1/2' if '2/4' in request.args[0] else '7'}}}." for request in requests]

        def loglikelihood(self, requests):
            raise NotImplementedError

        def loglikelihood_rolling(self, requests):
            raise NotImplementedError

    rows = tmp_path / "rows.jsonl"
    golds = {"What is 2/4?": "0.5", "What is 3/4?": "3/4", "What is 4/4?": r"\frac{1}{"}
    rows.write_text("".join(json.dumps({"problem": p, "answer": a}) + "\n" for p, a in golds.items()))
    (tmp_path / "drills.yaml").write_text(TASK.replace("ROWS", str(rows)))
    tasks = TaskManager(include_path=str(tmp_path), include_defaults=False)
    out = lm_eval.simple_evaluate(model=Said(), tasks=["drills"], task_manager=tasks, bootstrap_iters=0)
    assert out["results"]["drills"]["exact_match,none"] == 0.5
    assert out["results"]["drills"]["unparsed_gold,none"] == pytest.approx(1 / 3)
