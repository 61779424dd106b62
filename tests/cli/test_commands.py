r"""The `mathtune` command as a user meets it: words in, files and words out, against a server on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import openai
import pytest

from mathtune.cli import main
from mathtune.evaluation import import_run, load_run
from mathtune.testing import StubServer


def drill_answer(messages, model, request):
    """Answer sums rightly if the model is tuned, and box a wrong number otherwise."""
    first, second = map(int, re.findall(r"\d+", messages[-1]["content"])[:2])
    return rf"The sum is \boxed{{{first + second if model.startswith('ft:') else 0}}}."


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with StubServer(chat=drill_answer) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture
def sums(tmp_path):
    rows = [
        {"problem": f"What is ${a}+{b}$?", "answer": str(a + b), "subject": "Sums" if a < 6 else "More"}
        for a in range(1, 11)
        for b in (1, 2)
    ]
    path = tmp_path / "sums.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def said(capsys):
    return capsys.readouterr().out


def test_the_whole_job_from_the_shell(server, sums, tmp_path, capsys):
    """format, tune, evaluate twice and compare lead from a file of problems to a report."""
    train = tmp_path / "train.jsonl"
    assert main(["format", str(sums), str(train)]) == 0
    assert len(train.read_text().splitlines()) == 20
    assert (
        main(["tune", str(train), "--model", "small", "--suffix", "sums", "--directory", str(tmp_path / "t")])
        == 0
    )
    tuned = re.search(r"succeeded: (ft:\S+)", said(capsys))[1]

    runs = []
    for model in ("small", tuned):
        assert main(["evaluate", str(sums), "--model", model, "--directory", str(tmp_path / "e")]) == 0
        runs.append(re.search(r"kept in (.+)", said(capsys))[1])
    assert (
        main(["compare", *runs, "--html", str(tmp_path / "r.html"), "--markdown", str(tmp_path / "r.md")])
        == 0
    )
    out = said(capsys)
    assert "Sums" in out
    assert "More" in out
    assert "<html" in (tmp_path / "r.html").read_text()
    assert "Sums" in (tmp_path / "r.md").read_text()
    assert server.count("create_job") == 1
    assert server.count("chat") == 40


def test_a_balanced_file_has_equal_shares(sums, tmp_path, capsys):
    """--balance-by takes the same number from each subject, and --total bounds their sum."""
    train = tmp_path / "train.jsonl"
    assert main(["format", str(sums), str(train), "--balance-by", "subject", "--total", "12"]) == 0
    firsts = [int(re.search(r"\$(\d+)", line)[1]) for line in train.read_text().splitlines()]
    assert sum(first < 6 for first in firsts) == sum(first >= 6 for first in firsts) == 6


def test_format_never_writes_over_its_source(sums, tmp_path, capsys):
    """A source that is named as the output too, also by a link, is refused and stays as it was."""
    before = sums.read_bytes()
    link = tmp_path / "link.jsonl"
    link.symlink_to(sums)
    for output in (sums, link):
        assert main(["format", str(sums), str(output)]) == 1
        assert "is the source itself" in capsys.readouterr().err
    assert sums.read_bytes() == before


def test_one_example_is_not_counted_in_the_plural(tmp_path, capsys):
    """One problem makes "1 example of 1 problem"."""
    (tmp_path / "one.jsonl").write_text('{"problem": "What is 1+1?", "answer": "2"}\n')
    assert main(["format", str(tmp_path / "one.jsonl"), str(tmp_path / "train.jsonl")]) == 0
    assert "1 example of 1 problem written" in said(capsys)


def test_tune_keeps_the_manifest_that_evaluate_takes(server, sums, tmp_path, capsys):
    """The file that tune names leads a run of its model back to the rows of the training data."""
    train = tmp_path / "train.jsonl"
    assert main(["format", str(sums), str(train)]) == 0
    assert main(["tune", str(train), "--model", "small", "--directory", str(tmp_path / "t")]) == 0
    out, err = capsys.readouterr()
    model = re.search(r"succeeded: (ft:\S+)", out)[1]
    path = re.search(r"mathtune: (\S+\.json) leads back", err)[1]
    words = ["evaluate", str(sums), "--model", model, "--lineage", path, "--directory", str(tmp_path / "e")]
    assert main(words) == 0
    run = load_run(re.search(r"kept in (.+)", said(capsys))[1])
    assert len(run.manifest["tuning"]["files"]["training_file"]["made_of"]["rows"]) == 20


def test_responses_from_elsewhere_are_imported_and_compared(tmp_path, capsys):
    """Import makes runs of two tables, CSV too, that compare takes like those of evaluate."""
    folders = []
    for model, wrong in (("base", 6), ("tuned", 0)):
        table = tmp_path / f"{model}.csv"
        rows = [
            f'"What is ${n}+1$?",{n + 1},"I add, and\nget {0 if n < wrong else n + 1}."' for n in range(8)
        ]
        table.write_text("\n".join(["question,label,output", *rows]) + "\n", encoding="utf-8-sig")
        words = ["import", str(table), "--model", model, "--response", "output", "--gold", "label"]
        assert main([*words, "--directory", str(tmp_path / "runs")]) == 0
        folders.append(re.search(r"kept in (.+)", said(capsys))[1])
    assert main(["runs", str(tmp_path / "runs")]) == 0
    assert re.findall(r"(\d+) +(\d+) +([\d.]+ %)  (.+)", said(capsys)) == [
        ("2", "8", "25.0 %", folders[0]),
        ("8", "8", "100.0 %", folders[1]),
    ]
    assert main(["compare", *folders]) == 0
    assert "tuned is better than base: 100.0 % against 25.0 %" in " ".join(said(capsys).split())


def test_any_column_can_be_the_subject_and_the_level(tmp_path, capsys):
    """Columns of other names are named by flags, and the accuracies are told by them."""
    table = tmp_path / "said.jsonl"
    rows = [
        {"question": f"{n}+1?", "answer": n + 1, "area": "Sums", "grade": 3, "response": n + 1}
        for n in (1, 2)
    ]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["import", str(table), "--model", "m", "--subject", "area", "--level", "grade"]
    assert main([*words, "--directory", str(tmp_path / "runs")]) == 0
    told = said(capsys)
    assert re.search(r"Sums +2 +2 +100", told)
    assert re.search(r"level 3 +2 +2 +100", told)


def test_unfinished_runs_are_removed_by_name(server, sums, tmp_path, capsys):
    """--remove-unfinished says what goes and what stays; --dry-run removes nothing; each alone is refused."""
    directory = tmp_path / "e"
    assert main(["evaluate", str(sums), "--model", "small", "--directory", str(directory)]) == 0
    begun = directory / "begun-0123"
    begun.mkdir()
    (begun / "log.jsonl").write_text('{"event": "started", "problems": 20, "model": "begun"}\n')
    words = ["runs", str(directory), "--remove-unfinished"]
    said(capsys)
    assert main([*words, "--dry-run"]) == 0
    assert f"would be removed (log.jsonl): {begun}" in said(capsys)
    assert begun.exists()
    assert main(words) == 0
    out = said(capsys)
    assert f"removed (log.jsonl): {begun}" in out
    assert f"20 responses of small stay in {directory / 'responses.sqlite'}" in out
    assert not begun.exists()
    assert main(words) == 0
    assert "no unfinished runs" in said(capsys)
    for flag in ("--dry-run", "--with-responses"):
        assert main(["runs", str(directory), flag]) == 1
        assert f"{flag}: goes with --remove-unfinished" in capsys.readouterr().err


def test_a_table_in_a_runs_place_is_told_how_to_become_one(tmp_path, capsys):
    """Compare takes runs; of responses in a file, import makes one."""
    table = tmp_path / "mine.jsonl"
    table.write_text("{}\n")
    assert main(["compare", str(table), str(table)]) == 1
    assert "mine.jsonl: no run, but a table: import_run or `mathtune import`" in capsys.readouterr().err


def test_a_folder_without_permission_is_said_in_a_line(monkeypatch, capsys):
    """A fault of a file that no command names by itself is one line and no traceback."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", "there/config.json")

    monkeypatch.setattr("mathtune.cli._compare.load_run", refuse)
    assert main(["compare", "there", "here"]) == 1
    assert capsys.readouterr().err == "mathtune: there/config.json: Permission denied\n"


def test_all_that_a_folder_of_runs_holds_may_be_named(tmp_path, capsys):
    """`runs/eval/*` names the store of responses too, which regrade, compare and similarity pass over."""
    rows = [
        {"problem": f"{n}+1?", "solution": f"It is {n + 1}.", "answer": str(n + 1), "response": str(n + 1)}
        for n in range(4)
    ]
    store = [tmp_path / name for name in ("responses.sqlite", "responses.sqlite-wal")]
    for file in store:
        file.touch()
    for model in ("m", "t"):  # one name before the store's, one behind
        import_run(rows, model=model, directory=tmp_path)
    everything = sorted(map(str, tmp_path.iterdir()))
    assert len(everything) == 4
    for command in ("regrade", "compare", "similarity"):
        assert main([command, *everything]) == 0
        assert main([command, *map(str, store)]) == 1
        assert "only the file of responses" in capsys.readouterr().err


def test_regrade_never_writes_over_a_run(tmp_path, capsys):
    """--output that would replace the run, or one of two of one name, is refused; all stays as it was."""
    rows = [{"problem": f"{n}+1?", "answer": str(n + 1), "response": str(n + 1)} for n in range(4)]
    folders = [import_run(rows, model="m", directory=tmp_path / name).directory for name in ("a", "b")]
    before = [(folder / "grades.parquet").read_bytes() for folder in folders]
    words = ["regrade", *map(str, folders), "--weakest-sign", "boxed", "--output"]
    for output, text in (("a", "holds the run itself"), ("c", "two of the runs are called m-")):
        assert main([*words, str(tmp_path / output)]) == 1
        assert f"--output: {text}" in capsys.readouterr().err
    assert [(folder / "grades.parquet").read_bytes() for folder in folders] == before
    assert not (tmp_path / "c").exists()


def test_two_reports_are_not_written_into_one_file(seeds, tmp_path, capsys):
    """The second would replace the first, so both are refused before anything is written."""
    page = tmp_path / "report"
    assert main(["compare", *seeds[:2], "--html", str(page), "--markdown", str(page)]) == 1
    assert "one file cannot hold two reports" in capsys.readouterr().err
    assert not page.exists()


@pytest.fixture
def seeds(tmp_path):
    """The folders of a base's run and of four tuned ones, each right a little more often."""
    folders = []
    for model, wrong in (("base", 30), ("a-1", 4), ("a-2", 5), ("b-1", 29), ("b-2", 31)):
        rows = [
            {"problem": f"{n}+1?", "answer": str(n + 1), "response": str(n + 1 if n >= wrong else -1)}
            for n in range(60)
        ]
        folders.append(str(import_run(rows, model=model, directory=tmp_path / "runs").directory))
    return folders


def test_seeds_of_a_recipe_are_compared_together(seeds, capsys):
    """--seeds takes the folders after the base's by so many, --base-seeds the base's; regrade likewise."""
    assert main(["compare", *seeds, "--seeds", "2"]) == 0
    out = " ".join(said(capsys).split())
    assert "Overall, a is better than base" in out
    assert "cannot tell whether b is better" in out
    assert "on 60 problems with 2 seeds" in out
    assert main(["compare", *seeds[1:], "--seeds", "2", "--base-seeds", "2"]) == 0
    assert "b is worse than a" in " ".join(said(capsys).split())
    assert main(["regrade", *seeds, "--seeds", "2"]) == 0
    assert "The conclusion stands: none of 2 findings" in said(capsys)


def test_runs_that_share_some_problems_are_compared_on_those(seeds, tmp_path, capsys):
    """Other problems are refused with the flag that takes those in common, for compare and regrade."""
    rows = [{"problem": f"{n}+1?", "answer": str(n + 1), "response": str(n + 1)} for n in range(40, 70)]
    other = str(import_run(rows, model="other", directory=tmp_path / "runs").directory)
    for command in ("compare", "regrade"):
        assert main([command, seeds[0], other]) == 1
        assert "only the 20 that all runs hold: only_shared=True (--only-shared)" in capsys.readouterr().err
        assert main([command, seeds[0], other, "--only-shared"]) == 0
    assert main(["compare", seeds[0], other, "--only-shared"]) == 0
    assert "the 20 problems that all runs hold; left out are 40 of base and 10 of other" in said(capsys)


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--seeds", "3"], "--seeds: expected 1 of the base and a multiple of 3 others, got 5"),
        (["--seeds", "0"], "--seeds: expected at least 1, got 0"),
        (["--base-seeds", "5"], "expected 5 of the base and a multiple of 1 others, got 5"),
    ],
)
def test_folders_that_are_no_whole_recipes_are_refused(seeds, capsys, flags, text):
    """Folders that do not come out even are told apart from what was asked for."""
    assert main(["compare", *seeds, *flags]) == 1
    assert text in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_grade_writes_a_verdict_for_each_row(tmp_path, capsys, suffix):
    """Each row comes back with outcome, reason and tier, and the counts are printed."""
    table, graded = tmp_path / "a.jsonl", tmp_path / f"graded{suffix}"
    rows = [{"response": r"\boxed{0.5}", "answer": r"\frac12"}, {"response": r"\boxed{2}", "answer": "3"}]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["grade", str(table), "--output", str(graded)]) == 0
    assert said(capsys).strip() == "2 responses: 1 equal, 1 different"
    assert main(["grade", str(graded)]) == 0
    if suffix == ".jsonl":
        assert [json.loads(line)["outcome"] for line in graded.read_text().splitlines()] == [
            "equal",
            "different",
        ]


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["format", "missing.jsonl", "out.jsonl"], 1, "missing.jsonl"),
        (["format", "out.jsonl"], 2, "OUTPUT"),
        (["tune", "missing.jsonl", "--model", "m"], 1, "missing.jsonl"),
        (["evaluate", "missing.jsonl", "--model", "m"], 1, "missing.jsonl"),
        (["compare", "missing", "missing"], 1, "missing"),
        (["grade", "missing.jsonl"], 1, "missing.jsonl"),
        (["runs", "missing"], 1, "missing: holds no runs"),
        (["serve", "--host", "0.0.0.0"], 1, "key"),  # noqa: S104  (refused: that is the test)
        (["serve", "--model", "nameless"], 1, "NAME="),
        (["serve", "--port", "x"], 2, "port"),
        (["serve", "--port", "65536"], 1, "--port: expected 0 to 65535, found 65536"),
        (["data", "check", "mathtune:drills", "--limit", "0"], 1, "--limit: expected at least 1, found 0"),
        (["conformance", "--base-url", "http://127.0.0.1:9/v1"], 1, "127.0.0.1:9"),
    ],
)
def test_bad_words_are_said_in_a_line_with_a_code(tmp_path, monkeypatch, capfd, server, words, code, text):
    """A mistake ends in one message that names what is wrong and an exit code, never in a traceback."""
    monkeypatch.chdir(tmp_path)
    assert main(words) == code
    out = "".join(capfd.readouterr())
    assert text in out
    assert "Traceback" not in out


def test_several_samples_at_temperature_0_are_warned_of(server, sums, tmp_path, capsys):
    """They would be one sample several times over, at the price of several."""
    words = ["evaluate", str(sums), "--model", "m", "--n", "2", "--directory", str(tmp_path), "--dry-run"]
    assert main(words) == 0
    assert "at temperature 0 the 2 samples of a problem are alike" in capsys.readouterr().err
    assert main([*words, "--temperature", "0.8"]) == 0
    assert "alike" not in capsys.readouterr().err


def test_flags_can_stand_in_the_environment(sums, tmp_path, monkeypatch):
    """MATHTUNE_LIMIT=3 is --limit 3."""
    monkeypatch.setenv("MATHTUNE_LIMIT", "3")
    assert main(["format", str(sums), str(tmp_path / "train.jsonl")]) == 0
    assert len((tmp_path / "train.jsonl").read_text().splitlines()) == 3


def test_a_dry_run_sends_nothing(server, sums, tmp_path, capsys):
    """--dry-run says what a job and an evaluation would cost, and no request leaves."""
    train = tmp_path / "train.jsonl"
    assert main(["format", str(sums), str(train)]) == 0
    assert main(["tune", str(train), "--model", "gpt-4o-mini-2024-07-18", "--dry-run"]) == 0
    words = ["--model", "m", "--directory", str(tmp_path / "e"), "--price", "0.15", "0.60", "--dry-run"]
    assert main(["evaluate", str(sums), *words]) == 0
    out = said(capsys)
    assert "20" in out
    assert "tokens" in out
    assert server.requests == []


def test_a_cost_limit_that_ends_a_run_is_called_by_its_flag(server, sums, tmp_path, capsys):
    """The limit is said in the words of the shell, and what came is kept."""
    words = ["--directory", str(tmp_path / "e"), "--price", "1", "1", "--cost-limit", "0.00001"]
    assert main(["evaluate", str(sums), "--model", "m", *words]) == 1
    err = capsys.readouterr().err
    assert "mathtune: --cost-limit: 0." in err
    assert "raise the cost limit to go on" in err
    assert "are kept in" in err


@pytest.mark.parametrize(("cell", "code"), [("Sums", 0), ("More", 0), ("Nowhere", 1)])
def test_a_guard_gives_its_exit_code(server, sums, tmp_path, capsys, cell, code):
    """The exit code of --guard says whether a subject was kept; a subject that is not there is named."""
    runs = []
    for model in ("ft:a", "ft:b"):
        assert main(["evaluate", str(sums), "--model", model, "--directory", str(tmp_path / "e")]) == 0
        runs.append(re.search(r"kept in (.+)", said(capsys))[1])
    assert main(["compare", *runs, "--guard", cell, "--margin", "0.4"]) == code


def test_data_list_and_check(sums, tmp_path, capsys):
    """`data list` names the known datasets; `data check` counts a source and fails on a repeated problem."""
    assert main(["data", "list"]) == 0
    assert "openai/gsm8k" in said(capsys)
    assert main(["data", "check", str(sums)]) == 0
    assert "20 problems" in said(capsys)
    with sums.open("a") as stream:
        stream.write(json.dumps({"problem": "What is $1+1$?", "answer": "2", "subject": "Sums"}) + "\n")
    assert main(["data", "check", str(sums)]) == 1


def test_a_check_tells_every_bad_row(tmp_path, capsys):
    """`data check` goes on behind a bad row, whatever other flags say; --on-error raise stops there."""
    table = tmp_path / "rows.jsonl"
    rows = [{"id": "a", "problem": "1+1?", "answer": "2"}, {"id": "b", "problem": "1+2?"}, {"id": "c"}]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for flags in ([], ["--limit", "5"]):
        assert main(["data", "check", str(table), *flags]) == 1
        assert "2 rows not readable" in said(capsys)
    assert main(["data", "check", str(table), "--on-error", "raise"]) == 1
    assert "rows.jsonl:2, field 'answer'" in capsys.readouterr().err
    assert main(["format", str(table), str(tmp_path / "train.jsonl")]) == 1
    assert "rows.jsonl:2, field 'answer'" in capsys.readouterr().err


def test_a_dry_run_needs_no_key(sums, tmp_path, capsys, monkeypatch):
    """What asks nobody needs no key; a real run names the variable, but the missing table first."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    words = ["--model", "m", "--directory", str(tmp_path / "e")]
    assert main(["evaluate", str(sums), *words, "--dry-run"]) == 0
    assert "20 of 20 requests to send" in said(capsys)
    assert main(["evaluate", str(sums), *words]) == 1
    assert "set the environment variable OPENAI_API_KEY" in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.jsonl"), *words]) == 1
    assert "none.jsonl: cannot read" in capsys.readouterr().err


@pytest.fixture
def serving(tmp_path):
    """`mathtune serve` as a process, and the URL that it announces."""
    pytest.importorskip("uvicorn")
    words = [sys.executable, "-m", "mathtune", "serve", "--port", "0", "--directory", str(tmp_path)]
    environment = os.environ | {"MATHTUNE_SERVER_KEY": "sk-test"}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            yield process, re.search(r"serves (\S+)", process.stdout.readline())[1]
        finally:
            process.kill()


@pytest.mark.local
@pytest.mark.processes
def test_serve_announces_itself_answers_and_stops_on_ctrl_c(serving):
    """The server prints its URL, answers there with the packaged model on offer, and SIGINT ends it."""
    process, url = serving
    client = openai.OpenAI(base_url=url, api_key="sk-test", max_retries=0)
    assert "mathtune-drills-1m" in [model.id for model in client.models.list()]
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=url, api_key="wrong", max_retries=0).models.list()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert "sk-test" not in out + err
    assert "Traceback" not in err
    assert process.returncode in (0, 130)
