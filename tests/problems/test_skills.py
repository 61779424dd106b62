"""Skills: found in the wording, by rules that a user can add to."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from mathtune.errors import DataError, StorageError
from mathtune.problems import Problem, balance, read_problems, read_skills, tag_skills

DATA = Path(__file__).parents[2] / "../shared/data"
LINES = (Path(__file__).parent / "cases/skills.txt").read_text(encoding="utf-8").splitlines()


def skills_of(text, skills=None):
    return tag_skills([Problem(id="1", problem=text)], skills)[0].metadata["skills"]


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_a_problem_has_the_skills_that_it_asks_for(line):
    """Each case has the skills before the first bar and none of those before the second."""
    has, has_not, text = line.split("|", 2)
    found = set(skills_of(text.strip()))
    assert {name.strip() for name in has.split(",") if name.strip()} <= found
    assert not {name.strip() for name in has_not.split(",") if name.strip()} & found


def test_every_skill_has_a_case():
    """No rule stands in the data file without a case that needs it."""
    tested = {
        name.strip() for line in LINES if not line.startswith("#") for name in line.split("|")[0].split(",")
    }
    assert {skill.name for skill in read_skills()} <= tested


def test_drawings_are_no_wording():
    """The code of a diagram says nothing about the skill."""
    assert skills_of("Find $x$. [asy] draw(circle((0,0), sin(1))); [/asy]") == []


def test_users_add_skills(tmp_path):
    """Rules of one's own are read from a file and stand beside the built-in ones."""
    path = tmp_path / "skills.json"
    path.write_text(json.dumps({"clocks": {"any": ["\\bclocks?\\b"], "none": ["o'clock"]}}), encoding="utf-8")
    rules = (*read_skills(), *read_skills(path))
    assert skills_of("A clock shows the angle; find $\\cos x$.", rules) == ["trigonometry", "clocks"]
    assert skills_of("At two o'clock the clock stops.", rules) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "not JSON"),
        ("[]", "expected an object of skills"),
        ('{"clocks": {"some": ["x"]}}', "field 'clocks': expected"),
        ('{"clocks": {"any": []}}', "field 'clocks': expected"),
        ('{"clocks": {"any": ["("]}}', "field 'clocks': not a regular expression"),
        ('{"clocks": {"any": [3]}}', "field 'clocks': not a regular expression"),
    ],
)
def test_a_bad_rule_is_named(tmp_path, content, message):
    """A file that is not right says which skill is to blame."""
    path = tmp_path / "skills.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_skills(path)
    with pytest.raises(StorageError, match="No such file"):
        read_skills(tmp_path / "missing.json")


def test_skills_divide_problems_for_balance():
    """Tagged problems can be balanced over what they ask for."""
    texts = [*(f"Find $\\sin {n}^\\circ$." for n in range(9)), *(f"Find $\\log {n}$." for n in range(1, 4))]
    tagged = tag_skills(Problem(id=str(n), problem=text) for n, text in enumerate(texts))
    chosen = balance(tagged, by="skills")
    assert Counter(p.metadata["skills"][0] for p in chosen) == {"trigonometry": 3, "logarithms": 3}


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_trigonometry_is_found_where_math_hides_it():
    """Trigonometry in MATH lies within Precalculus and Geometry, and every sine is found."""
    tagged = tag_skills(read_problems(DATA / "math_test.jsonl"))
    found = Counter(p.subject for p in tagged if "trigonometry" in p.metadata["skills"])
    assert found["Precalculus"] + found["Geometry"] > 0.95 * sum(found.values())
    assert found["Precalculus"] > 200
    sines = [p for p in tagged if "\\sin" in p.problem and "[asy]" not in p.problem]
    assert sines
    assert all("trigonometry" in p.metadata["skills"] for p in sines)
