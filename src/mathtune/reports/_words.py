"""The numbers in plain English: what one may say, and where one cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.evaluation import Category

from ._comparison import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mathtune.stats import Interval

    from ._comparison import Cell, Comparison

__all__ = [
    "NOT_SOLVED",
    "blind_below",
    "blindness",
    "cell_sentence",
    "count",
    "families",
    "headline",
    "left_out_unshared",
    "movement",
    "notes",
    "p_text",
    "percent",
    "points",
    "title",
    "verdicts",
    "wheres",
]

_NAMED = 8  # cells that a headline names; more are counted
_TITLED = 3  # cells that a title names
_SHOWN_IDS = 10
_SMALLEST_P = 0.001


# Why a response of each category besides wrong ones is not solved, as the beginning of a note.
NOT_SOLVED = {
    Category.FORM_ONLY: "Right but not in the form that was asked for",
    Category.CUT_OFF: "Cut off by length, which a higher limit might have turned into solved",
    Category.NO_ANSWER: "Without a final answer, which is first of all a matter of form",
    Category.REFUSED: "Refused by the model or its server",
    Category.UNPARSED: "With an answer that could not be read as mathematics",
    Category.UNDECIDED: "Neither accepted nor refused by the grader",
}


def percent(share: float) -> str:
    """Give a share in percent with one decimal: 0.5 -> "50.0 %"."""
    return f"{100 * share:.1f} %"


def points(share: float) -> str:
    """Give a signed difference in percentage points: 0.061 -> "+6.1"; nothing is "0.0", never "-0.0"."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text


def p_text(p_value: float) -> str:
    """Give a p-value as papers print it: "< 0.001", "0.012", "0.34", "1"."""
    if p_value < _SMALLEST_P:
        return "< 0.001"
    return f"{p_value:.3f}" if p_value < 0.1 else f"{p_value:.2f}".removesuffix(".00")


def blind_below(cell: Cell) -> str:
    """Give the change in points below which a cell without a finding is blind; "any" where it sees none."""
    if cell.finding is not Finding.CANNOT_TELL:
        return ""
    return "any" if cell.detectable is None else f"±{100 * cell.detectable:.1f}"


def blindness(cell: Cell) -> str:
    """Say in a few words how blind a cell without a finding is; nothing of one with a finding."""
    if cell.finding is not Finding.CANNOT_TELL:
        return ""
    if cell.detectable is None:
        return "too few problems" if cell.seeds is None else "seeds too far apart"
    return f"blind below {blind_below(cell)}"


def count(number: int, noun: str) -> str:
    """Give a number with its noun: 1 -> "1 problem", 1200 -> "1,200 problems"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def movement(cell: Cell) -> tuple[str, str]:
    """Give two numbers on what moved: problems lost and won, or seeds that rose and their deviation."""
    if cell.seeds is None:
        return f"{cell.lost:,}", f"{cell.won:,}"
    return str(cell.seeds.better), f"{100 * cell.seeds.deviation:.1f}"


def cell_sentence(cell: Cell) -> str:
    """Give a cell's finding, size, interval, test and counts in a sentence."""
    facts = f"{_interval(cell.difference)}; {_p(cell)}"
    sides = _moved(cell)
    change = points(cell.difference.estimate)
    if cell.finding is Finding.CANNOT_TELL:
        return f"{cell.label}: cannot tell ({change} points, {facts}): {sides}; {_unseen(cell)}."
    return f"{cell.label}: {cell.finding} by {change.lstrip('+-')} points ({facts}): {sides}."


def _moved(cell: Cell) -> str:
    on = count(cell.total, "problem")
    if cell.seeds is None:
        return f"{cell.won:,} won, {cell.lost:,} lost of {on}"
    seeds = cell.seeds.differences
    low, high = points(min(seeds)), points(max(seeds))
    return (
        f"{cell.seeds.better} of {len(seeds)} seeds rose, {low} to {high} points each on {on} (sd "
        f"{100 * cell.seeds.deviation:.1f}; about {100 * cell.seeds.by_chance:.1f} if all were equally good)"
    )


def headline(cells: Sequence[Cell], noun: str) -> str:
    """Give what one would tell a colleague about a pair of models.

    Args:
        cells: The pair's cells, all problems first.
        noun: What a cell is: "subject", "level" or "cell".
    """
    return " ".join([_overall(cells[0]), *_where(cells[1:], noun)])


def verdicts(comparison: Comparison) -> tuple[str, ...]:
    """Give the finding on every pair of models without numbers."""
    return tuple(_verdict(comparison.of_pair(*pair), comparison.cell_noun) for pair in comparison.pairs)


def wheres(comparison: Comparison) -> tuple[str, ...]:
    """Say for every pair of models in which cells the second is better or worse."""
    pairs = (comparison.of_pair(*pair) for pair in comparison.pairs)
    return tuple(" ".join(_where(cells[1:], comparison.cell_noun)) for cells in pairs)


def title(comparison: Comparison) -> str:
    """Give a line that stands for the whole comparison: its finding, or what is compared if that is much."""
    if len(comparison.pairs) == 1:
        return verdicts(comparison)[0]
    if len(comparison.pairs) < len(comparison.names):
        return f"{count(len(comparison.names) - 1, comparison.name_noun)} against {comparison.names[0]}"
    return f"{len(comparison.names)} {comparison.name_noun}s against each other"


def _verdict(cells: Sequence[Cell], noun: str) -> str:
    """Give the finding on a pair of models without numbers, for a title."""
    overall = cells[0]
    said = (
        f"{overall.second} cannot be told from {overall.first}"
        if overall.finding is Finding.CANNOT_TELL
        else f"{overall.second} is {overall.finding} than {overall.first}"
    )
    parts = [
        f"{finding} in {_named([c.label for c in cells[1:] if c.finding is finding], noun)}"
        for finding in (Finding.BETTER, Finding.WORSE)
        if any(c.finding is finding for c in cells[1:])
    ]
    return f"{said} overall{', ' if parts else ''}{', '.join(parts)}"


def _named(labels: Sequence[str], noun: str) -> str:
    return _joined(labels) if len(labels) <= _TITLED else f"{len(labels)} {noun}s"


def notes(comparison: Comparison) -> tuple[str, ...]:
    """Say how the numbers were made, and what was left out or does not count as solved."""
    return (
        *comparison.warnings,
        *_method(comparison),
        *_left_out(comparison),
        *_not_solved(comparison),
    )


def _overall(cell: Cell) -> str:
    scores = f"{percent(cell.second_accuracy.estimate)} against {percent(cell.first_accuracy.estimate)}"
    change = f"{points(cell.difference.estimate)} points ({_interval(cell.difference)})"
    on = f"on {count(cell.total, 'problem')}"
    if cell.seeds is not None:
        on = f"{on} with {count(len(cell.seeds.differences), 'seed')}"
    if cell.finding is Finding.CANNOT_TELL:
        return (
            f"Overall, cannot tell whether {cell.second} is better or worse than {cell.first}: "
            f"{scores} {on}, {change}."
        )
    return f"Overall, {cell.second} is {cell.finding} than {cell.first}: {scores} {on}, {change}."


def _where(cells: Sequence[Cell], noun: str) -> list[str]:
    found = {
        finding: [c.label for c in cells if c.finding is finding]
        for finding in (Finding.BETTER, Finding.WORSE)
    }
    said = [f"{str(f).capitalize()} in {_joined(labels)}." for f, labels in found.items() if labels]
    unclear = len(cells) - sum(map(len, found.values()))
    if unclear and said:
        others = f"other {noun}" if unclear == 1 else f"other {unclear} {noun}s"
        said.append(f"Cannot tell in the {others}.")
    elif unclear > 1:
        said.append(f"Cannot tell in any of the {unclear} {noun}s.")
    return said


def _joined(labels: Sequence[str]) -> str:
    if len(labels) > _NAMED:
        return f"{', '.join(labels[:_NAMED])} and {len(labels) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


def _interval(interval: Interval) -> str:
    return f"{100 * interval.confidence:g} % interval {points(interval.low)} to {points(interval.high)}"


def _p(cell: Cell) -> str:
    text = p_text(cell.adjusted)
    return f"adjusted p {text}" if text.startswith("<") else f"adjusted p = {text}"


def _unseen(cell: Cell) -> str:
    if cell.detectable is None and cell.seeds is not None:
        return f"{count(len(cell.seeds.differences), 'seed')} so far apart can show no change"
    if cell.detectable is None:
        return (
            f"{count(cell.total, 'problem')} {'is' if cell.total == 1 else 'are'} too few to show any change"
        )
    return f"a true change of less than {100 * cell.detectable:.1f} points would likely have gone unseen"


def _method(comparison: Comparison) -> Iterable[str]:
    level, samples = comparison.cells[0].level_of_test, min(comparison.samples)
    if set(comparison.samples) != {samples}:
        held = ", ".join(
            f"{name} {number}" for name, number in zip(comparison.runs, comparison.samples, strict=True)
        )
        yield (
            f"The runs hold different numbers of samples of each problem ({held}): the first "
            f"{f'{samples} of each count' if samples > 1 else 'one of each counts'}."
        )
    yield from _on_seeds(comparison) if comparison.has_seeds else _on_models(comparison, samples)
    yield (
        f"Adjusted p-values are corrected by Holm's method for {families(comparison)}; better or worse is "
        f"said only where the adjusted p is at most {level:g}."
    )
    yield (
        "Cannot tell does not mean unchanged. Blind below: with as many problems, of which as many change as "
        "here, a smaller true change is found in fewer than four of five studies, so it would likely have "
        "gone unseen."
    )


def _on_models(comparison: Comparison, samples: int) -> Iterable[str]:
    """Say how two models are compared."""
    yield (
        f"Every problem is compared with itself: the {comparison.test_name}, two-sided, looks only at "
        + (
            "problems that changed sides (lost or won)."
            if samples == 1
            else "problems that changed: lost ones have fewer right samples than before, won ones more."
        )
    )
    yield _intervals(comparison) + (
        "Wilson's for accuracies, Tango's for paired differences."
        if samples == 1
        else "clustered by problem for accuracies, Bonett and Price's for paired differences. The latter "
        "are careful, so that one may hold 0 where the test, which is exact, has a finding."
    )


def _on_seeds(comparison: Comparison) -> Iterable[str]:
    """Say how recipes of several seeds are compared."""
    seeds = zip(comparison.names, comparison.seeds, strict=True)
    several = ", ".join(f"{name} with {count(number, 'seed')}" for name, number in seeds if number > 1)
    yield (
        f"Compared are recipes, each trained several times ({several}): a finding is about a recipe's mean "
        "over all its seeds and all problems of the kind, not about its best model. Every problem is "
        "compared with itself in every seed. Lost and won are problems that a smaller or a larger share of "
        "the runs solves."
    )
    single = [n for n, number in zip(comparison.names[1:], comparison.seeds[1:], strict=True) if number == 1]
    if single:
        yield f"One run stands behind {_joined(single)}: what is said of it holds for that model alone."
    yield (
        "Up: how many seeds solve more than before. Sd: the standard deviation between seeds, in points; "
        "part of it is the luck of single problems, as the sentence of each row says."
    )
    yield _intervals(comparison) + (
        "for accuracies and differences alike, over problems and over seeds, with Student's quantile for the "
        "seeds. With two or three of them little is known of how seeds differ, so intervals are wide; five "
        "tell much more."
    )


def _intervals(comparison: Comparison) -> str:
    return (
        f"Intervals hold the true value in {100 * comparison.confidence:g} of 100 such studies, each for its "
        "own row without that correction: "
    )


def families(comparison: Comparison) -> str:
    whole, parts = len(comparison.pairs), len(comparison.cells) - len(comparison.pairs)
    families = [f"the {count(whole, 'test')} on all problems"] if whole > 1 else []
    families += [f"the {count(parts, 'test')} on {comparison.cell_noun}s"] if parts else []
    return " and, apart from them, ".join(families) or "the one test that was made"


def left_out_unshared(comparison: Comparison) -> Iterable[str]:
    """Say how many problems of which runs are left out because not all runs hold them."""
    left = [
        f"{number:,} of {name}"
        for name, number in zip(comparison.runs, comparison.unshared, strict=True)
        if number
    ]
    if left:
        shared = count(len(comparison.rows) + len(comparison.excluded), "problem")
        yield (
            f"Compared are only the {shared} that all runs hold; left out are {_joined(left)}. What is said "
            "here is not said of those."
        )


def _left_out(comparison: Comparison) -> Iterable[str]:
    if comparison.excluded:
        ids = [problem.id for problem in comparison.excluded]
        more = f" and {len(ids) - _SHOWN_IDS:,} more" if len(ids) > _SHOWN_IDS else ""
        yield (
            f"Left out, because the gold answer could not be read: {count(len(ids), 'problem')} "
            f"({', '.join(ids[:_SHOWN_IDS])}{more})."
        )


def _not_solved(comparison: Comparison) -> Iterable[str]:
    failures = {name: comparison.failures(name) for name in comparison.names}
    for category, reason in NOT_SOLVED.items():
        counts = {name: failed[category] for name, failed in failures.items()}
        if any(counts.values()):
            each = ", ".join(f"{name} {number:,}" for name, number in counts.items())
            yield f"{reason}, and counted as not solved: {each}."
