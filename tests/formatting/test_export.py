"""The exported grader: one source string that judges as the engine does, in an interpreter without it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import mathtune
from mathtune.formatting import MultiGrader, ReinforcementFormatter, check_examples, export_python_grader
from mathtune.formatting._export import _STAND_INS
from mathtune.grading import grade as judge
from mathtune.policy import Policy
from mathtune.problems import read_problems

from ..grading.case_files import PAIR_FILES, pairs_of

IN_THE_IMAGE = ("attr", "attrs", "mpmath", "sympy")

RUN = """
import json, sys
exec(compile(open(sys.argv[1], encoding="utf-8").read(), "grader", "exec"), globals())
import flint
assert "without_flint" in flint.__file__
print(json.dumps([grade(sample, item) for sample, item in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A folder with the packages that the server's image has, and no others."""
    folder = tmp_path_factory.mktemp("image")
    for name in IN_THE_IMAGE:
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            pytest.skip(f"needs {name}")
        (folder / name).symlink_to(next(iter(spec.submodule_search_locations)))
    return folder


@pytest.fixture
def run(bare, tmp_path):
    """Grade samples with an exported source in a bare interpreter."""

    def graded(grader, pairs):
        (tmp_path / "grader.py").write_text(grader.source, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-S", "-c", RUN, str(tmp_path / "grader.py")],
            input=json.dumps(pairs),
            env={"PYTHONPATH": str(bare), "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["grader.py"]  # nothing is left behind
        return json.loads(done.stdout)

    return graded


@pytest.mark.parametrize("part", range(8))  # on a busy machine, all at once take too long
def test_it_judges_as_the_engine_does(part, run):
    """On the engine's own cases it gives the grades that `grade` gives here, but for one in a hundred."""
    pairs = [(gold, given) for path in PAIR_FILES for _, gold, _, given in pairs_of(path)]
    cases = [(f"The answer is $\\boxed{{{given}}}$.", gold) for gold, given in pairs[part::8]]
    here = [float(bool(judge(response, gold))) for response, gold in cases]
    there = run(export_python_grader(), [({"output_text": text}, {"answer": gold}) for text, gold in cases])
    differing = [case for case, one, other in zip(cases, here, there, strict=True) if one != other]
    assert len(cases) > 100
    assert len(differing) <= 0.01 * len(cases), differing


def test_it_has_all_of_flint_that_the_engine_names():
    """Whatever the engine comes to use of python-flint, the stand-ins have it under the same name."""
    root = Path(mathtune.__file__).parent
    engine = [
        path for name in ("answers", "algebra", "grading", "latex") for path in (root / name).rglob("*.py")
    ]
    used = {
        name for path in engine for name in re.findall(r"\bflint\.(\w+)", path.read_text(encoding="utf-8"))
    }
    provided = {name for names in _STAND_INS.values() for name in names}
    assert len(used) > 5
    assert used <= provided
    for module, names in _STAND_INS.items():
        stand_in = import_module(f"mathtune.formatting.{module}")
        assert all(hasattr(stand_in, name) for name in names)


def test_systems_lines_and_constants_are_judged_without_flint(run):
    """What the engine decides by exact polynomials and matrices it decides by the stand-ins too."""
    pairs = [
        (r"y = \frac{5 - x}{2}", "x + 2y = 5", 1.0),
        (r"y = \frac{5 - x}{3}", "x + 2y = 5", 0.0),
        (r"(1,2) + t(2,4)", r"(0,0) + t(1,2)", 1.0),
        (r"x + y = 3, x - y = 1", "x = 2, y = 1", 1.0),
        (r"x + y = 3, x - y = 2", "x = 2, y = 1", 0.0),
        (r"\frac{x^2-1}{x-1} = 4", "x = 3", 1.0),
        (r"C_1 e^x + C_2 e^{-x}", r"A \cosh x + B \sinh x", 1.0),
    ]
    samples = [({"output_text": f"$\\boxed{{{given}}}$"}, {"answer": gold}) for given, gold, _ in pairs]
    here = [float(bool(judge(sample["output_text"], item["answer"]))) for sample, item in samples]
    assert run(export_python_grader(), samples) == here


def test_grades_are_of_final_answers(run):
    """A response is graded by its last answer; none, a wrong one and an undecided one are 0."""
    pairs = [
        ({"output_text": "First 3, then $\\boxed{\\frac{1}{2}}$."}, {"answer": "0.5"}),
        ({"output_text": "So it is $\\boxed{3}$."}, {"answer": "4"}),
        ({"output_text": "I do not know."}, {"answer": "4"}),
        ({"output_text": ""}, {"answer": "4"}),
        ({}, {"answer": "4"}),
        ({"output_text": "$\\boxed{\\cos^2 t - \\sin^2 t}$"}, {"answer": "\\cos(2t)"}),
        ({"output_text": "$\\boxed{x^{10^{10^{10}}}}$"}, {"answer": "1"}),
    ]
    assert run(export_python_grader(), pairs) == [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def test_policy_and_keys_travel_along(run):
    """The string holds the policy, and reads the keys that it was made for."""
    pairs = [({"output_text": "$\\boxed{3.14}$"}, {"gold": "3.1"})]
    assert run(export_python_grader(answer="gold"), pairs) == [0.0]
    loose = export_python_grader(Policy(relative_tolerance=0.05), answer="gold")
    assert run(loose, pairs) == [1.0]
    assert "relative_tolerance=0.05" in loose.source


def test_it_is_small_plain_and_always_the_same():
    """The string is Python, under the server's limit, and the same in every process."""
    source = export_python_grader().source
    assert len(source.encode()) < 255_500  # the server takes 256,000
    ast.parse(source)
    again = "from mathtune.formatting import export_python_grader as export; print(export().source, end='')"
    told = subprocess.run(
        [sys.executable, "-c", again],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert source == told.stdout


def test_it_fits_what_the_reinforcement_formatter_writes():
    """Its keys are those of the examples, and it can be a part of a grader of several."""
    grader = export_python_grader()
    tasks = ReinforcementFormatter().format_all(read_problems("mathtune:drills", limit=12))
    both = MultiGrader(name="both", graders={"right": grader}, calculate_output="right")
    assert check_examples(tasks, method="reinforcement", grader=both) == []
    assert {"answer", "problem"} <= set(tasks[0].item)


@pytest.mark.parametrize("form", ["factored", "reduced"])
def test_forms_are_judged_without_flint(form, run):
    """A form that is asked for, in one letter or several, is judged as the engine judges it."""
    answers = [
        "(x-1)(x+1)",
        "x^2-1",
        "(x-y)(x+y)",
        "x^2-y^2",
        r"\frac{x-1}{2}",
        r"\frac{x^2-1}{2x+2}",
        "6(x+1)",
        "6/4",
    ]
    golds = ["x^2-1", "x^2-1", "x^2-y^2", "x^2-y^2", r"\frac{x-1}{2}", r"\frac{x-1}{2}", "6x+6", "3/2"]
    policy = Policy(form=form)
    samples = [
        ({"output_text": f"$\\boxed{{{answer}}}$"}, {"answer": gold})
        for answer, gold in zip(answers, golds, strict=True)
    ]
    here = [float(bool(judge(s["output_text"], i["answer"], policy=policy))) for s, i in samples]
    assert 0.0 in here
    assert 1.0 in here
    assert run(export_python_grader(policy), samples) == here
