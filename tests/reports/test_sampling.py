import pytest

from mathtune.errors import DataError
from mathtune.evaluation import Run
from mathtune.reports import sampling_metrics


@pytest.fixture
def sampled(make):
    """Two problems with four samples each: one voted right in three forms, one voted wrong in two forms."""
    half = make.problem(1, answer="\\frac12")
    three = make.problem(2, answer="3")
    texts = {
        half: ["\\boxed{1/2}", "\\boxed{0.5}", "\\boxed{7}", "\\boxed{8}"],
        three: ["\\boxed{3}", "\\boxed{10}", "\\boxed{10.0}", ""],
    }
    return Run(
        model="m",
        results=[make.result(p, text, sample=n) for p, said in texts.items() for n, text in enumerate(said)],
    )


def test_equal_answers_are_one_vote(sampled):
    """1/2 and 0.5 win together; 10 and 10.0 too, though they are wrong; no answer has no vote."""
    metrics = sampling_metrics(sampled)
    assert metrics.majority_at[4].estimate == 0.5
    assert metrics.majority_at[1].estimate == metrics.average.estimate == 3 / 8


def test_pass_at_k_is_averaged_over_problems(sampled):
    """pass@2 is (1 - C(2,2)/C(4,2) + 1 - C(3,2)/C(4,2)) / 2."""
    metrics = sampling_metrics(sampled, ks=[2])
    assert metrics.pass_at[2].estimate == pytest.approx((5 / 6 + 3 / 6) / 2)
    assert list(metrics.pass_at) == [2]


def test_the_metrics_print_as_a_table(sampled):
    """One line each, with its interval."""
    lines = str(sampling_metrics(sampled)).splitlines()
    assert lines[0] == "m: 2 problems, 4 samples each"
    assert [line.split()[0] for line in lines[1:]] == [
        "avg@4", "pass@1", "pass@2", "pass@4", "maj@1", "maj@2", "maj@4"
    ]  # fmt: skip


def test_problems_without_readable_gold_do_not_count(make, sampled):
    """They are left out, whatever was answered."""
    unread = make.result(make.problem(9, answer=None), "\\boxed{1}")
    more = Run(model="m", results=[*sampled.results, unread])
    assert sampling_metrics(more) == sampling_metrics(sampled)


def test_unfinished_runs_and_too_many_samples_are_refused(make, sampled):
    """Every problem has as many samples as the others, and no k is more than that."""
    with pytest.raises(DataError, match=r"same number of samples of each problem, got \[3, 4\]"):
        sampling_metrics(Run(model="m", results=sampled.results[:-1]))
    with pytest.raises(DataError, match="from 1 to 4"):
        sampling_metrics(sampled, ks=[5])
