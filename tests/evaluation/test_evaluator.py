"""Tests of Evaluator over real HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import attrs
import pytest

from mathtune.errors import AuthenticationError, CostLimitError, DataError, QuotaExceededError
from mathtune.evaluation import Category, Evaluator, load_run
from mathtune.formatting import ChatFormatter
from mathtune.generation import Calculator, Price, Sampling
from mathtune.problems import Problem, Problems
from mathtune.testing import Fault, Reply, StubServer


def test_each_response_gets_its_category(run):
    """Right and wrong are told from no answer, a cut-off one and a refusal."""
    assert [result.category.value for result in run.results] == [
        "correct",
        "wrong",
        "no_answer",
        "cut_off",
        "correct",
        "cut_off",
        "refused",
        "correct",
    ]
    assert run.accuracy().correct == 3
    assert run.accuracy().total == 8


def test_results_stand_in_the_order_of_the_problems(run, problems):
    """Each result holds its problem, its response, what was taken for the answer, and the verdict."""
    assert [result.problem for result in run.results] == problems
    first = run.results[0]
    assert first.answer.text == "1"
    assert first.verdict
    assert first.correct
    assert first.response.text.endswith("boxed{1}$.")


def test_a_rerun_asks_nothing_and_says_the_same(evaluator, server, problems, run):
    """The same work goes to the same directory and costs nothing."""
    asked = server.count("chat")
    again = evaluator.evaluate(problems, model="m")
    assert server.count("chat") == asked
    assert (again.results, again.directory) == (run.results, run.directory)
    assert again.manifest["responses"]["from_store"] == 8


def test_another_model_prompt_or_policy_is_another_run(evaluator, problems, run):
    """Runs that differ in what was asked never overwrite each other."""
    other = attrs.evolve(evaluator, formatter=ChatFormatter(system="Be brief."))
    names = {
        run.directory,
        evaluator.evaluate(problems, model="n").directory,
        evaluator.evaluate(problems[:4], model="m").directory,
        other.evaluate(problems, model="m").directory,
    }
    assert len(names) == 4


def test_the_formatter_asks(server, tmp_path, problems):
    """What is sent is what the formatter makes of the problem, without the solution."""
    formatter = ChatFormatter(system="Be brief.", prompt="Q: {problem}")
    Evaluator(server.client(), directory=tmp_path, formatter=formatter).evaluate(problems[:1], model="m")
    assert server.requests[0].body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Q: What is 0 + 1?"},
    ]


def test_problems_whose_gold_cannot_be_read_count_in_no_accuracy(server, tmp_path, problems):
    """Neither a missing gold answer nor an unreadable one is the model's fault, or its merit."""
    unread = "\\frac{1}{"
    changed = [
        attrs.evolve(problems[0], answer=None),
        attrs.evolve(problems[1], answer=unread),
        *problems[2:],
    ]
    with StubServer(chat=lambda *_: f"The answer is {unread}") as echo:
        results = Evaluator(echo.client(), directory=tmp_path / "echo").evaluate(changed, model="m").results
    run = Evaluator(server.client(), directory=tmp_path).evaluate(changed, model="m")
    assert [r.category for r in (*results[:2], *run.results[:2])] == [Category.UNPARSED_GOLD] * 4
    assert run.accuracy().total == 6
    assert "left out: 2 responses" in str(run)


def test_several_samples_count_by_problem(tmp_path, problems):
    """The accuracy is the mean over samples; the interval knows that they belong to few problems."""

    def by_seed(messages, model, request):
        return r"\boxed{1}" if request["seed"] % 2 else r"\boxed{2}"

    with StubServer(chat=by_seed) as server:
        evaluator = Evaluator(server.client(), directory=tmp_path, sampling=Sampling(n=4, seed=0))
        run = evaluator.evaluate(problems[:2], model="m")
    accuracy = run.accuracy()
    assert (accuracy.correct, accuracy.total, accuracy.problems) == (4, 8, 2)
    assert "4 of 8 responses to 2 problems" in str(run)


def test_no_problems_are_an_empty_run(evaluator, server):
    """Nothing is asked, nothing is divided by zero."""
    run = evaluator.evaluate(Problems([]), model="m")
    assert (run.results, run.accuracy().total, server.requests) == ((), 0, [])
    assert "nothing to count" in str(run)
    assert load_run(run.directory) == run


def test_two_problems_under_one_id_are_refused(evaluator, server, problems):
    """Their responses could not be told apart; nothing is asked."""
    with pytest.raises(DataError, match="'p0' stands for two problems"):
        evaluator.evaluate([problems[0], problems[0]], model="m")
    assert server.requests == []


@pytest.mark.parametrize("problems", ["problems.jsonl", [{"problem": "1+1?", "answer": "2"}]])
def test_rows_are_read_before_they_are_asked(evaluator, server, problems):
    """A file's name or rows in the problems' place are told how they are read; nothing is asked."""
    for ask in (evaluator.evaluate, evaluator.estimate):
        with pytest.raises(TypeError, match="read_problems"):
            ask(problems, model="m")
    assert not server.requests


def test_a_wrong_key_is_an_error_that_names_the_way_out(tmp_path, problems):
    """401 stops the run at once."""
    with StubServer(api_key="right") as server:
        evaluator = Evaluator(server.client(api_key="wrong-key-0123456789"), directory=tmp_path)
        with pytest.raises(AuthenticationError, match="OPENAI_API_KEY"):
            evaluator.evaluate(problems, model="m")


def test_no_key_is_written_anywhere(tmp_path, problems, server):
    """No file of the directory holds the key, in the address or beside it."""
    key = "sk-secret0123456789"
    base_url = server.base_url.replace("//", f"//user:{key}@")
    client = server.client(api_key=key, base_url=base_url)
    Evaluator(client, directory=tmp_path).evaluate(problems, model="m")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not any(key.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("model", ["../../etc/passwd", "Qwen/Qwen3-0.6B", "ft:a:b::c", "\0", "..", "x" * 400])
def test_a_model_name_never_leaves_the_directory(server, tmp_path, problems, model):
    """Whatever a model is called, its run is a folder right below the evaluator's."""
    run = Evaluator(server.client(), directory=tmp_path).evaluate(problems[:1], model=model)
    assert run.directory.parent == tmp_path
    assert load_run(run.directory).model == model


def test_a_model_without_a_name_is_refused(server, tmp_path, problems):
    """No server has such a model, so none is asked."""
    with pytest.raises(DataError, match="model"):
        Evaluator(server.client(), directory=tmp_path).evaluate(problems[:1], model="")
    assert server.requests == []


def test_hostile_texts_are_kept_as_they_are(tmp_path):
    """Problems and responses of any characters are asked, graded, written and read back unchanged."""
    texts = ["\0", "\u202e\x1b[31m", "<script>", "{problem}", "\\boxed{" * 2000, "é" * 5000]
    problems = [Problem(id=f"{n}\n{text[:9]}", problem=text, answer="1") for n, text in enumerate(texts)]
    with StubServer(chat=lambda messages, *_: messages[-1]["content"]) as server:
        run = Evaluator(server.client(), directory=tmp_path).evaluate(problems, model="m")
    assert load_run(run.directory) == run
    assert all(text in result.response.text for text, result in zip(texts, run.results, strict=True))


def test_the_manifest_says_what_happened(tmp_path, problems):
    """The manifest counts what the server did, under the names that the server gave."""
    with StubServer(chat=lambda *_: Reply(text="1")) as server:
        run = Evaluator(server.client(), directory=tmp_path).evaluate(problems, model="m")
    manifest = json.loads((run.directory / "manifest.json").read_text())
    assert manifest == run.manifest
    assert manifest["responses"]["asked"] == 8
    assert manifest["served_models"] == {"m": 8}
    assert manifest["tokens"]["responses_counted"] == 8
    assert manifest["problems"]["sources"] == {"made up": 8}


CHILD = """
import sys
from openai import OpenAI
from mathtune.evaluation import Evaluator
from mathtune.problems import Problem

base_url, directory = sys.argv[1:]
problems = [Problem(id=str(n), problem=f"What is {n} + 1?", answer=str(n + 1)) for n in range(40)]
client = OpenAI(base_url=base_url, api_key="k")
print(Evaluator(client, directory=directory, concurrency=4).evaluate(problems, model="m").accuracy().correct)
"""


@pytest.mark.processes
def test_a_killed_evaluation_goes_on_and_asks_no_answered_problem_again(tmp_path):
    """After `kill -9` at several points a rerun ends with the run of an undisturbed one."""

    def right(messages, model, request):
        time.sleep(0.01)
        number = int(re.search(r"What is (\d+)", messages[-1]["content"])[1])
        return rf"\boxed{{{number + 1}}}"

    command = [sys.executable, "-c", CHILD]
    with StubServer(chat=right) as server:
        for goal in (5, 25):
            process = subprocess.Popen([*command, server.base_url, str(tmp_path)])
            while server.count("chat") < goal and process.poll() is None:
                time.sleep(0.002)
            process.kill()
            process.wait()
        out = subprocess.run([*command, server.base_url, str(tmp_path)], capture_output=True, check=True)
        keys = [asked.headers["idempotency-key"] for asked in server.requests]
    (folder,) = [path for path in tmp_path.iterdir() if (path / "manifest.json").exists()]
    assert out.stdout.split() == [b"40"]
    assert load_run(folder).accuracy().correct == 40
    assert len(set(keys)) == 40
    assert len(keys) <= 40 + 2 * 4, "only what was under way at a kill may be sent again"


def test_a_run_that_could_cost_too_much_says_so_before_and_stops(tmp_path, problems, server):
    """An estimate asks nobody; cost_limit ends the run with what it has."""
    price = Price(prompt=0.0, completion=1_000_000.0)
    evaluator = Evaluator(server.client(), directory=tmp_path, price=price, sampling=Sampling(max_tokens=9))
    assert evaluator.estimate(problems, model="m").cost == 72
    assert server.requests == []
    with pytest.raises(CostLimitError):
        attrs.evolve(evaluator, cost_limit=2.0).evaluate(problems, model="m")
    run = evaluator.evaluate(problems, model="m")
    assert run.manifest["cost"] == run.manifest["tokens"]["completion"]


def test_the_log_grows_by_what_happens(tmp_path, problems):
    """Starts, faults, waits and ends stand in the log in order; a rerun adds to it."""
    fault = Fault(on="chat", status=503, retry_after=0.01)
    end = Fault(on="chat", status=429, code="insufficient_quota", skip=4, times=None)
    with StubServer(faults=[fault, end]) as server:
        evaluator = Evaluator(server.client(), directory=tmp_path, concurrency=1)
        with pytest.raises(QuotaExceededError):
            evaluator.evaluate(problems, model="m")
    (log,) = tmp_path.glob("*/log.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["started", "transient", "final", "stopped"]
    assert (lines[1]["problem"], lines[1]["wait"]) == ("p0", 0.01)
    assert lines[-1]["error"] == "QuotaExceededError"
    assert "4 of 8" in lines[-1]["message"]
    assert all("time" in line for line in lines)


def test_with_a_calculator_the_same_model_is_another_run(tmp_path, problems):
    """Accuracy with and without tools stand side by side; the calls are kept with the responses."""

    class Calling(StubServer):
        """Answers right only after the calculator has told it the sum."""

        def answer(self, method, target, headers, raw):
            answer = super().answer(method, target, headers, raw)
            body = json.loads(raw)
            message = answer.content["choices"][0]["message"]
            if body.get("tools") and body["messages"][-1]["role"] == "user":
                asked = re.search(r"What is (.*?)\?", body["messages"][-1]["content"])[1]
                function = {"name": "evaluate", "arguments": json.dumps({"expression": asked})}
                message["tool_calls"] = [{"id": "c1", "type": "function", "function": function}]
            return answer

    def told(messages, model, request):
        result = messages[-1]["content"] if messages[-1]["role"] == "tool" else "100"
        return rf"\boxed{{{result}}}"

    with Calling(chat=told) as server:
        evaluator = Evaluator(server.client(), directory=tmp_path)
        plain = evaluator.evaluate(problems, model="m")
        run = attrs.evolve(evaluator, tools=Calculator()).evaluate(problems, model="m")
    assert (plain.accuracy().correct, run.accuracy().correct) == (0, 8)
    assert (plain.manifest["tool_calls"], run.manifest["tool_calls"]) == (0, 8)
    assert load_run(run.directory) == run
    assert run.results[0].response.turns[-1]["content"] == "1"


def test_a_data_set_s_own_tolerance_holds_for_its_row(tmp_path):
    """OlympiadBench's column `error` says how far off an answer may be; other rows stay exact."""
    rows = [
        Problem(id="near", problem="How much?", answer="4.2", metadata={"error": "1e-1"}),
        Problem(id="exact", problem="How many?", answer="4.2", metadata={"error": None}),
    ]
    with StubServer(chat=lambda *_: r"\boxed{4.15}") as server:
        run = Evaluator(server.client(), directory=tmp_path).evaluate(rows, model="m")
    assert [result.correct for result in run.results] == [True, False]
