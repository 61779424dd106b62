"""Skills: finer than subjects, found in the wording of a problem by rules in a data file.

MATH has no subject trigonometry: its trigonometry lies in Precalculus and Geometry. Solutions are not looked
at, so that a problem has the same skills in every copy.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError, StorageError

from ._problem import Problem, Problems

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Skill", "read_skills", "tag_skills"]

_DRAWING = re.compile(r"\[asy\].*?\[/asy\]", re.DOTALL)  # its code says sin and circle for every diagram
_KEYS = {"any", "none"}


@attrs.frozen
class Skill:
    r"""A skill, and how a problem that asks for it is worded.

    Attributes:
        name: The skill.
        any_of: A problem has the skill if one of these is found in its text in lower case,
        none_of: and none of these.

    >>> Skill("logarithms", (re.compile(r"\\log"),)).is_in("Solve $\\log_2 x = 3$.")
    True
    """

    name: str
    any_of: tuple[re.Pattern[str], ...]
    none_of: tuple[re.Pattern[str], ...] = ()

    def is_in(self, text: str) -> bool:
        """Tell whether a problem of this text has the skill."""
        return self.is_in_lower(text.lower())

    def is_in_lower(self, low: str) -> bool:
        """Tell the same of a text that is in lower case already."""
        found = any(pattern.search(low) for pattern in self.any_of)
        return found and not any(pattern.search(low) for pattern in self.none_of)


def read_skills(path: str | os.PathLike[str] | None = None) -> tuple[Skill, ...]:
    r"""Read the rules for skills: `{"logarithms": {"any": ["\\\\log"], "none": []}, ...}`.

    Args:
        path: A JSON file of regular expressions for the text in lower case; None reads those of mathtune.

    Raises:
        DataError: The file is not JSON, or a rule is not right; the skill is named.
        StorageError: The file cannot be read.

    >>> [skill.name for skill in read_skills()][:3]
    ['trigonometry', 'complex numbers', 'logarithms']
    """
    if path is None:
        return _built_in()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 (byte {error.start})", path=path) from error
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(path)) from error
    return _parsed(text, path)


def tag_skills(problems: Iterable[Problem], skills: Sequence[Skill] | None = None) -> Problems:
    """Note each problem's skills in `metadata["skills"]`, a list in the order of the rules.

    Args:
        problems: What to tag.
        skills: The rules; None takes those of mathtune. To add to them:
            `(*read_skills(), *read_skills("my.json"))`.

    >>> from mathtune.problems import read_problems
    >>> tagged = tag_skills(read_problems("mathtune:drills", config="trigonometry", limit=20))
    >>> sum("trigonometry" in p.metadata["skills"] for p in tagged) > 15
    True
    """
    rules = read_skills() if skills is None else skills
    items = problems if isinstance(problems, Problems) else Problems(problems)
    return items.of(_tagged(problem, rules) for problem in items)


def _tagged(problem: Problem, rules: Sequence[Skill]) -> Problem:
    low = _DRAWING.sub(" ", problem.problem).lower()
    found = [rule.name for rule in rules if rule.is_in_lower(low)]
    return attrs.evolve(problem, metadata={**problem.metadata, "skills": found})


@lru_cache(maxsize=1)
def _built_in() -> tuple[Skill, ...]:
    source = resources.files("mathtune.problems").joinpath("skills.json")
    return _parsed(source.read_text(encoding="utf-8"), "skills.json")


def _parsed(text: str, path: object) -> tuple[Skill, ...]:
    try:
        rules = json.loads(text)
    except ValueError as error:
        raise DataError(f"not JSON ({error})", path=path) from error
    if not isinstance(rules, dict):
        raise DataError("expected an object of skills", path=path)
    return tuple(_skill(name, rule, path) for name, rule in rules.items())


def _skill(name: str, rule: Any, path: object) -> Skill:  # noqa: ANN401  (JSON is any value)
    if not isinstance(rule, dict) or not set(rule) <= _KEYS or not rule.get("any"):
        raise DataError('expected {"any": [...], "none": [...]}', path=path, field=name)
    return Skill(name, _patterns(name, rule, "any", path), _patterns(name, rule, "none", path))


def _patterns(name: str, rule: Mapping[str, Any], key: str, path: object) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(pattern, re.DOTALL) for pattern in rule.get(key, ()))
    except (re.error, TypeError) as error:
        raise DataError(f"not a regular expression under {key!r} ({error})", path=path, field=name) from error
