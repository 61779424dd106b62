import numpy as np
import pytest

from mathtune.stats import paired_bootstrap, paired_difference_interval


def test_the_interval_covers_as_promised():
    """About 95 % of intervals hold the true difference, with four samples of each problem."""
    generator = np.random.default_rng(5)
    studies, problems = 600, 120
    clusters = np.repeat(np.arange(problems), 4).tolist()
    covered = 0
    for study in range(studies):
        skill = generator.random(problems)
        first = generator.random(problems * 4) < np.repeat(skill, 4)
        second = generator.random(problems * 4) < np.repeat(0.1 + 0.9 * skill, 4)
        covered += paired_bootstrap(first, second, clusters=clusters, resamples=400, seed=study).contains(
            0.05
        )
    assert 0.92 < covered / studies < 0.98


def test_one_sample_a_problem_gives_nearly_the_score_interval():
    """For 2,000 problems, bootstrap and Tango's interval agree to a third of a point."""
    first, second = [1] * 700 + [0] * 1_300, [1] * 600 + [0] * 100 + [1] * 180 + [0] * 1_120
    drawn = paired_bootstrap(first, second)
    score = paired_difference_interval(lost=100, won=180, total=2_000)
    assert drawn.estimate == pytest.approx(score.estimate)
    assert (drawn.low, drawn.high) == pytest.approx((score.low, score.high), abs=0.003)


def test_counting_kinds_is_the_same_as_drawing_problems():
    """Scores of few kinds (drawn as counts) and the same scores made distinct (drawn singly) agree."""
    generator = np.random.default_rng(3)
    first, second = generator.integers(0, 5, 600) / 4, generator.integers(0, 5, 600) / 4
    kinds = paired_bootstrap(first, second)
    singly = paired_bootstrap(first + generator.normal(0, 1e-9, 600), second)
    assert (kinds.low, kinds.high) == pytest.approx((singly.low, singly.high), abs=0.004)


def test_samples_of_one_problem_go_together():
    """Repeating each pair eight times under its problem's name changes nothing; without names it would."""
    first, second = [1, 0, 0, 1, 1, 0] * 10, [1, 1, 0, 0, 1, 1] * 10
    names = [index for index in range(60) for _ in range(8)]
    once = paired_bootstrap(first, second)
    named = paired_bootstrap(np.repeat(first, 8), np.repeat(second, 8), clusters=names)
    unnamed = paired_bootstrap(np.repeat(first, 8), np.repeat(second, 8))
    assert (named.low, named.high) == pytest.approx((once.low, once.high))
    assert unnamed.width < once.width / 2


def test_a_seed_fixes_the_interval():
    """The same seed gives the same interval, another seed another."""
    pairs = [0, 1, 1, 0, 0.5] * 40, [1, 1, 0.25, 0, 0] * 40
    assert paired_bootstrap(*pairs, seed=1) == paired_bootstrap(*pairs, seed=1)
    assert paired_bootstrap(*pairs, seed=1) != paired_bootstrap(*pairs, seed=2)


@pytest.mark.parametrize(
    ("first", "second", "clusters"), [([], [], None), ([1], [1, 0], None), ([1, 0], [1, 0], ["a"])]
)
def test_unpaired_scores_are_refused(first, second, clusters):
    """Scores that do not pair up are an error."""
    with pytest.raises(ValueError, match=r"per pair|at least one"):
        paired_bootstrap(first, second, clusters=clusters)
