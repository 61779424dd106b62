"""A comparison as one HTML page that needs no network, and as a fragment for notebooks.

Texts of models and data sets reach the page only through jinja2's autoescape or `Typesetter`. A strict
Content-Security-Policy, with the hashes of the page's own style and script, stands behind that.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.files import write_text

from . import _plots, _words
from ._comparison import Finding
from ._shown import Typesetter, gist, visible

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from mathtune.evaluation import Result
    from mathtune.stats import SeedSpread

    from ._comparison import Comparison, Flip

__all__ = ["to_fragment", "to_html"]

_MOST_FLIPS = 1_000  # for each pair of models; more make a page that no one reads and phones cannot open
_MOST_TYPESET = 400_000  # characters of LaTeX; some 200,000 elements
_MOST_SEEDS = 5  # differences that a cell of a table lists
_MOST_ANSWER = 1_000  # characters of an answer or reason; all of it stands in the response
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
_SIGNS = {Finding.BETTER: "▲", Finding.WORSE: "▼", Finding.CANNOT_TELL: "?"}


@attrs.frozen(kw_only=True)
class _Side:
    """One model's part in a flip, ready for the page."""

    name: str
    solved: bool
    category: str
    answer: Markup | None
    reason: Markup
    text: Markup


@attrs.frozen(kw_only=True)
class _ShownFlip:
    """A flip, ready for the page."""

    pair: int
    side: str
    label: str
    id: str
    second_name: str
    gist: Markup
    problem: Markup
    gold: Markup
    sides: tuple[_Side, _Side]


def to_html(comparison: Comparison, path: str | os.PathLike[str] | None = None) -> str:
    """Give the page, and write it to `path` if one is given."""
    from markupsafe import Markup

    style, script = _asset("report.css"), _asset("report.js")
    flips, left_out = _shown_flips(comparison)
    page = (
        _environment()
        .get_template("report.jinja")
        .render(
            **_common(comparison),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
            version=version("mathtune"),
            verdicts=_words.verdicts(comparison),
            wheres=_words.wheres(comparison),
            title=_words.title(comparison),
            matrices=[_plots.matrix(comparison, *pair) for pair in comparison.pairs],
            accuracy=_plots.accuracy_figure(comparison),
            difference=_plots.difference_figure(comparison),
            curves=_plots.learning_curves(comparison),
            side_bars=_plots.side_bars,
            failure_bars=_plots.failure_bars,
            categories=_plots.seen_categories(comparison),
            sides=_plots.SIDES,
            reasons=_reasons(comparison),
            conditions=_conditions(comparison),
            cell_labels=[cell.label for cell in comparison.of_pair(*comparison.pairs[0])[1:]],
            flips=flips,
            flips_lead=_flips_lead(flips, left_out),
        )
    )
    if path is not None:
        write_text(path, page)
    return page


def to_fragment(comparison: Comparison) -> str:
    """Give headlines and tables as HTML without style or script, for a notebook's cell."""
    template = _environment().get_template("fragment.jinja")
    return template.render(**_common(comparison), headlines=comparison.headlines)


def _common(comparison: Comparison) -> dict[str, Any]:
    return {
        "c": comparison,
        "pairs": [comparison.of_pair(*pair) for pair in comparison.pairs],
        "confidence": f"{100 * comparison.confidence:g} %",
        "count": _words.count,
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mathtune.reports", "_templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "blindness": _words.blindness,
        "minus": lambda text: _MINUS.sub("\N{MINUS SIGN}", str(text)),
        "movement": _words.movement,
        "named": _with_names,
        "p_text": _words.p_text,
        "percent": _words.percent,
        "points": _words.points,
        "seed_points": _seed_points,
        "sign": _SIGNS.__getitem__,
        "span": lambda interval: f"{100 * interval.low:.1f} to {100 * interval.high:.1f}",
    }
    return environment


def _finalized(value: object) -> object:
    """Keep what cannot be seen out of labels; texts that are markup by now have it spelled out."""
    return visible(value) if type(value) is str else value


def _seed_points(seeds: SeedSpread) -> str:
    """Give every seed's difference in points, or the ends of many."""
    apart = [_words.points(difference) for difference in seeds.differences]
    if len(apart) <= _MOST_SEEDS:
        return ", ".join(apart)
    return f"{_words.points(min(seeds.differences))} to {_words.points(max(seeds.differences))}"


def _with_names(text: str, names: Sequence[str]) -> Markup:
    """Mark models' names in a text, so that a page can keep each on one line."""
    from markupsafe import Markup, escape

    pattern = "|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True))
    pieces = re.split(f"({pattern})", text)
    name = Markup('<span class="name">{}</span>')
    return Markup("").join(
        name.format(visible(p)) if i % 2 else escape(visible(p)) for i, p in enumerate(pieces)
    )


def _asset(name: str) -> str:
    return (files("mathtune.reports") / "_templates" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy: nothing may load or run but this very style and script."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _reasons(comparison: Comparison) -> list[tuple[str, list[int]]]:
    """Give each reason in words with its number for every model, the commonest first."""
    counts = [comparison.reasons(name) for name in comparison.names]
    commonest = sum(counts, Counter()).most_common()
    return [(reason.value.replace("_", " "), [count[reason] for count in counts]) for reason, _ in commonest]


def _conditions(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """Give each condition with its value for every run, as far as any run tells."""
    names = dict.fromkeys(name for known in comparison.conditions for name in known)
    return [(name, [known.get(name, "not given") for known in comparison.conditions]) for name in names]


def _shown_flips(comparison: Comparison) -> tuple[list[_ShownFlip], int]:
    """Give the flips of every pair for the page, and how many were left out to keep it light."""
    shown, left_out, typesetter = [], 0, Typesetter(_MOST_TYPESET)
    for number, pair in enumerate(comparison.pairs):
        flips = comparison.flips(*pair)
        left_out += max(0, len(flips) - _MOST_FLIPS)
        shown += [_shown_flip(flip, number, pair, typesetter) for flip in flips[:_MOST_FLIPS]]
    return shown, left_out


def _flips_lead(shown: list[_ShownFlip], left_out: int) -> str:
    if not shown:
        return "No problem was lost or won."
    problems, pairs = len({flip.id for flip in shown}), len({flip.pair for flip in shown})
    lead = f"{_words.count(problems, 'problem')}, lost or won, with what each model wrote"
    lead += f": {len(shown):,} changes in {pairs} pairs of models." if pairs > 1 else "."
    return (
        f"{lead} {left_out:,} more are left out to keep the page light; Comparison.flips() holds them all."
        if left_out
        else lead
    )


def _shown_flip(flip: Flip, pair: int, names: tuple[str, str], typesetter: Typesetter) -> _ShownFlip:
    return _ShownFlip(
        pair=pair,
        side="won" if flip.second.correct else "lost",
        label=" · ".join(flip.key),
        id=flip.problem.id,
        second_name=names[1],
        gist=typesetter.text(gist(flip.problem.problem)),
        problem=typesetter.text(flip.problem.problem),
        gold=typesetter.formula(flip.problem.answer or "none"),
        sides=(
            _side(flip.first, names[0], flip.first_right, typesetter),
            _side(flip.second, names[1], flip.second_right, typesetter),
        ),
    )


def _side(result: Result, name: str, right: tuple[int, int], typesetter: Typesetter) -> _Side:
    number, total = right
    of_all = f"; {number} of its {total} responses are right" if total > 1 else ""
    return _Side(
        name=name,
        solved=result.correct,
        category=f"{result.category.label}{of_all}",
        answer=typesetter.formula(_clipped(result.answer.text)) if result.answer else None,
        reason=typesetter.text(_clipped(result.verdict.explain())),
        text=typesetter.text(result.response.text.strip() or "(nothing)"),
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _MOST_ANSWER else f"{text[:_MOST_ANSWER]}…"
