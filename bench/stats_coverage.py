"""Coverage of intervals, error rates of tests, exact or simulated: `python bench/stats_coverage.py`."""

from __future__ import annotations

import functools
import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit
from scipy.stats import binom, multinomial

from mathtune import stats

if TYPE_CHECKING:
    from collections.abc import Iterator

STUDIES = 4_000
# Chances to solve a problem, and how common each is.
SKILLS = (
    ((0.02, 0.3, 0.7, 0.98), (0.25, 0.25, 0.25, 0.25)),
    ((0.5,), (1.0,)),
    ((1.0, 0.0), (0.7, 0.3)),
    ((1.0, 0.9, 0.0), (0.9, 0.05, 0.05)),
    ((0.98, 0.0), (0.96, 0.04)),
)
# How far seeds lie apart, in logits: not at all, a little, by some four and by some ten points.
APART = (0.0, 0.1, 0.3, 0.8)
CHANGES = ((0.02, 0.02), (0.05, 0.05), (0.05, 0.15), (0.1, 0.1), (0.1, 0.3), (0.02, 0.4), (0.25, 0.25))


def main() -> None:
    """Print a line for each interval and test; 95 % intervals and the level 5 % throughout."""
    for trials in (10, 30, 100, 500):
        show(f"Wilson, {trials} problems, all accuracies (exact)", list(wilson(trials)))
    for total in (12, 30, 80):
        show(f"Tango, {total} problems, several changes (exact)", [tango(total, *c) for c in CHANGES])
    generator = np.random.default_rng(1)
    for problems in (10, 40, 200):
        show(
            f"clustered, {problems} problems x 8 (simulated)",
            [clustered(generator, problems, *kind) for kind in SKILLS],
        )
        show(
            f"paired mean, {problems} problems x 4 (simulated)",
            [paired(generator, problems, bootstrap=False)],
        )
        show(f"bootstrap, {problems} problems x 4 (simulated)", [paired(generator, problems, bootstrap=True)])
    for problems, samples in itertools.product((20, 50, 100), (2, 8)):
        true, said = unseen(generator, problems, samples)
        print(
            f"{100 * true:8.1f} points        found in 80 % of studies, {problems} problems x {samples}; "
            f"said: {100 * said:.1f}"
        )
    print(
        f"{max(mcnemar_errors()):8.4f}            McNemar's false alarms at worst (exact, up to 150 changes)"
    )
    print(f"{holm_errors(generator):8.4f}            families of 16 cells with a false finding (simulated)")
    generator = np.random.default_rng(1)
    for problems, seeds in itertools.product((100, 500), (2, 3, 5, 10)):
        held = [crossed(generator, problems, seeds, apart) for apart in APART]
        show(f"over seeds, {problems} problems x {seeds} seeds (simulated)", [share for share, _, _ in held])
        widths = ", ".join(f"±{100 * width:.1f}" for _, width, _ in held)
        alarms = max(alarm for _, _, alarm in held)
        print(f"{'':21}{widths} points; level 0.05 / 16: {100 * alarms:.2f} % false alarms at worst")


def show(name: str, covered: list[float]) -> None:
    """Print the mean and the least coverage."""
    print(f"{100 * float(np.mean(covered)):8.2f} % (least {100 * min(covered):6.2f} %)  {name}")


def wilson(trials: int) -> Iterator[float]:
    """Give the coverage of Wilson's interval for each accuracy from 2 % to 98 %."""
    intervals = [stats.wilson_interval(k, trials) for k in range(trials + 1)]
    for share in np.arange(0.02, 0.985, 0.01):
        chances = binom.pmf(np.arange(trials + 1), trials, share)
        yield float(sum(c for c, i in zip(chances, intervals, strict=True) if i.contains(share)))


def tango(total: int, lost: float, won: float) -> float:
    """Give the coverage of Tango's interval for true shares of lost and won problems."""
    tables = [
        (b, c, total - b - c) for b, c in itertools.product(range(total + 1), repeat=2) if b + c <= total
    ]
    chances = multinomial.pmf(tables, total, [lost, won, 1 - lost - won])
    return float(
        sum(
            chance
            for (b, c, _), chance in zip(tables, chances, strict=True)
            if chance > 1e-9 and stats.paired_difference_interval(b, c, total).contains(won - lost)
        )
    )


def clustered(
    generator: np.random.Generator, problems: int, values: tuple[float, ...], chances: tuple[float, ...]
) -> float:
    """Give the coverage for problems that are solved with a few different chances."""
    names = np.repeat(np.arange(problems), 8).tolist()
    held = 0
    for _ in range(STUDIES):
        skill = np.repeat(generator.choice(values, problems, p=chances), 8)
        scores = (generator.random(problems * 8) < skill).astype(float).tolist()
        held += stats.clustered_interval(scores, names).contains(float(np.dot(values, chances)))
    return held / STUDIES


def unseen(generator: np.random.Generator, problems: int, samples: int) -> tuple[float, float]:
    """Give the true mean difference that 80 % of studies find by the sign-flip test, and what is said."""
    low, high = 0.0, 1.5
    for _ in range(8):
        shift = (low + high) / 2
        found, said, true = 0, [], 0.0
        for _study in range(500):
            skill = generator.beta(0.7, 0.7, problems)
            tuned = np.clip(skill + shift * generator.random(problems), 0, 1)
            changes = generator.binomial(samples, tuned) - generator.binomial(samples, skill)
            found += stats.sign_flip_exact(changes.tolist()) <= 0.05
            shares = (changes / samples).tolist()
            said.append(stats.minimal_detectable_mean_difference(shares, samples=samples) or 1.0)
            true += float((tuned - skill).mean()) / 500
        low, high = (shift, high) if found < 400 else (low, shift)
    return true, float(np.median(said))


def paired(generator: np.random.Generator, problems: int, *, bootstrap: bool) -> float:
    """Give the coverage for a true difference of 10 points."""
    held = 0
    for study in range(STUDIES):
        skill = generator.beta(0.6, 0.6, problems)
        first = generator.binomial(4, skill) / 4
        second = generator.binomial(4, skill + 0.2 * (1 - skill)) / 4
        interval = (
            stats.paired_bootstrap(first.tolist(), second.tolist(), resamples=1_000, seed=study)
            if bootstrap
            else stats.paired_mean_interval((second - first).tolist())
        )
        held += interval.contains(0.1)
    return held / STUDIES


def crossed(
    generator: np.random.Generator, problems: int, seeds: int, apart: float
) -> tuple[float, float, float]:
    """Give coverage, median half width, and the share of false alarms at the level 0.05 / 16.

    A problem has a difficulty, a recipe changes each problem by its own amount, a seed shifts all problems by
    one amount and each by another. A false alarm is a 99.7 % interval without the true gain.
    """
    truth = mean_gain(apart)
    held, widths, alarms = 0, [], 0
    for _ in range(STUDIES):
        skill = generator.normal(0.3, 2.0, problems)
        change = generator.normal(0.2, 0.6, problems) + generator.normal(0, apart, (seeds, 1))
        change = change + generator.normal(0, 0.8, (seeds, problems))
        base = (generator.random((1, problems)) < expit(skill)).astype(float)
        tuned = (generator.random((seeds, problems)) < expit(skill + change)).astype(float)
        found = stats.crossed_difference(base, tuned)
        interval = found.interval()
        held += interval.contains(truth)
        alarms += not found.interval(1 - 0.05 / 16).contains(truth)
        widths.append(interval.width / 2)
    return held / STUDIES, float(np.median(widths)), alarms / STUDIES


@functools.cache
def mean_gain(apart: float) -> float:
    """Give the true gain of the recipe above, over all problems and seeds."""
    generator = np.random.default_rng(2)
    skill = generator.normal(0.3, 2.0, 4_000_000)
    change = generator.normal(0.2, math.sqrt(0.6**2 + apart**2 + 0.8**2), skill.size)
    return float((expit(skill + change) - expit(skill)).mean())


def mcnemar_errors() -> Iterator[float]:
    """Give the chance of a false alarm for each number of changed problems."""
    for changed in range(1, 151):
        yield sum(
            binom.pmf(won, changed, 0.5)
            for won in range(changed + 1)
            if stats.mcnemar_exact(changed - won, won) <= 0.05
        )


def holm_errors(generator: np.random.Generator) -> float:
    """Give the share of families of 16 cells, none of which changed, with at least one finding."""
    false = 0
    for _ in range(STUDIES):
        changed = generator.binomial(80, 0.3, 16)
        won = generator.binomial(changed, 0.5)
        p_values = [stats.mcnemar_exact(int(c - w), int(w)) for c, w in zip(changed, won, strict=True)]
        false += min(stats.holm(p_values)) <= 0.05
    return false / STUDIES


if __name__ == "__main__":
    main()
