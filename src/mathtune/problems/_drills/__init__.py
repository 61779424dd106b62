r"""Drills: short problems from a seed in eight subjects, each with worked steps and a boxed answer.

Takes a split and a seed, gives `Problem` values. Nothing is read from disk or net, so a first run, a demo or
a test has real mathematics with answers that are right by construction.

Level 1 is one small step, 2 and 3 are one or two steps with larger numbers or a rule to know, 4 and 5 take
several steps of which one decides the next; the five levels come equally often. A problem belongs to the
train or to the test split by the SHA-256 of its kind and its values, whatever its wording and whatever the
seed: the two never share a problem, nor one problem in two wordings.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Literal

from mathtune.errors import DataError
from mathtune.problems._problem import Problem

from . import (
    _arithmetic,
    _counting,
    _fractions,
    _geometry,
    _linear_equations,
    _number_theory,
    _polynomials,
    _trigonometry,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ._kind import Draft, Kind

__all__ = ["DRILL_SUBJECTS", "drills"]

_KINDS: dict[str, tuple[Kind, ...]] = {
    "arithmetic": _arithmetic.KINDS,
    "linear equations": _linear_equations.KINDS,
    "fractions": _fractions.KINDS,
    "polynomials": _polynomials.KINDS,
    "number theory": _number_theory.KINDS,
    "counting": _counting.KINDS,
    "geometry": _geometry.KINDS,
    "trigonometry": _trigonometry.KINDS,
}
DRILL_SUBJECTS = tuple(_KINDS)

_SIZES = {"train": 2_000, "test": 250}  # problems a subject, where no limit is given
_TEST_SHARE = 51  # of 256 values of a hash's first byte: a fifth
_PATIENCE = 4_000  # draws without a new problem before a subject counts as used up


def drills(
    split: Literal["train", "test"] = "train",
    seed: int = 0,
    limit: int | None = None,
    subjects: Collection[str] | None = None,
) -> Iterator[Problem]:
    r"""Give drills, the subjects in turn, no problem twice.

    The same arguments give the same problems on every Python and machine; a smaller `limit` gives the first
    of them, and what a subject gives does not depend on which others are asked for.

    Args:
        split: `"train"` or `"test"`; no seed puts a problem of one into the other.
        seed: Which problems are drawn.
        limit: How many problems in all; None is 2,000 a subject for training and 250 for testing.
        subjects: Names out of `DRILL_SUBJECTS`; None is all of them.

    Raises:
        DataError: A split or subject does not exist, or more distinct problems are asked for than there are.

    >>> for drill in drills("test", limit=2):
    ...     print(f"{drill.level} {drill.problem}", drill.solution, sep="\n  ")
    5 Compute $35 \cdot 19$.
      $35 \cdot 10 = 350$, $35 \cdot 9 = 270 + 45 = 315$, $350 + 315 = 665$. So $\boxed{665}$.
    4 Solve $7(y - 3) = 56$ for $y$.
      $y - 3 = 56 \div 7 = 8$, so $y = 11$. So $\boxed{11}$.
    """
    wanted = _checked(split, subjects)
    streams = [_stream(split, seed, subject) for subject in wanted]
    for index in range(_SIZES[split] * len(wanted) if limit is None else limit):
        yield next(streams[index % len(streams)])


def _checked(split: str, subjects: Collection[str] | None) -> tuple[str, ...]:
    if split not in _SIZES:
        raise DataError(f"drills have the splits train and test, not {split!r}", field="split")
    asked = DRILL_SUBJECTS if subjects is None else subjects
    if unknown := sorted(set(asked) - set(DRILL_SUBJECTS)):
        raise DataError(
            f"drills have no subject {unknown[0]!r}, only {', '.join(DRILL_SUBJECTS)}", field="subjects"
        )
    if not asked:
        raise DataError("no subject was asked for", field="subjects")
    return tuple(name for name in DRILL_SUBJECTS if name in asked)


def _stream(split: str, seed: int, subject: str) -> Iterator[Problem]:
    rng, seen, misses = Random(f"{seed}/{split}/{subject}"), set[str](), 0  # noqa: S311  (a data set, not a secret)
    while misses < _PATIENCE:
        kind = _drawn_kind(rng, subject)
        draft = kind.make(rng)
        text = _worded(rng.choice(kind.wordings), draft.values)
        misses += 1
        if text not in seen and _split_of(subject, kind, draft) == split:
            seen.add(text)
            misses = 0
            yield _problem(split, subject, kind, draft, text)
    raise DataError(f"there are only {len(seen):,} different {split} drills in {subject}", field="limit")


def _drawn_kind(rng: Random, subject: str) -> Kind:
    """Draw a level first, then a kind of it, so that the levels come equally often."""
    level = rng.randrange(1, 6)
    return rng.choice([kind for kind in _KINDS[subject] if kind.level == level])


def _split_of(subject: str, kind: Kind, draft: Draft) -> str:
    content = "\n".join((subject, kind.name, *draft.values))
    return "test" if sha256(content.encode()).digest()[0] < _TEST_SHARE else "train"


def _worded(wording: str, values: tuple[str, ...]) -> str:
    for number, value in enumerate(values, 1):
        wording = wording.replace(f"@{number}", value)
    return wording


def _problem(split: str, subject: str, kind: Kind, draft: Draft, text: str) -> Problem:
    digest = sha256(text.encode()).hexdigest()[:12]
    return Problem(
        id=f"drills-{split}-{subject.replace(' ', '-')}-{digest}",
        problem=text,
        solution=f"{draft.work}. So $\\boxed{{{draft.answer}}}$.",
        answer=draft.answer,
        subject=subject,
        level=kind.level,
        source="mathtune:drills",
        metadata={"kind": kind.name},
    )
