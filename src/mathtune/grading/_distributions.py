r"""Distributions under their names: `\text{Bin}(10, 0.5)`, `B(10, 1/2)`, `X \sim \mathrm{Binomial}(10, 0.5)`.

A letter before brackets may be anything, so one of two names must be a word; the parameters are compared in
their order, as they are written: whether N(0, 4) has a variance or a deviation of 4 is not known here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["same_distribution"]

_LONGEST = 200
# Each distribution's letter, if it has one, and the words for it.
_NAMES = {
    "binomial": ("B b", "Bin Binom Binomial"),
    "normal": ("N", "Normal Norm Gaussian"),
    "Poisson": ("", "Poisson Pois Poi Po"),
    "exponential": ("", "Exponential Exp Expo"),
    "uniform": ("U", "Uniform Unif"),
    "geometric": ("G", "Geometric Geom Geo"),
    "gamma": ("\\Gamma", "Gamma"),
    "beta": ("", "Beta"),
    "Bernoulli": ("", "Bernoulli Bern Ber"),
    "negative binomial": ("", "NegativeBinomial NegBin NB"),
    "hypergeometric": ("H", "Hypergeometric Hypergeom HGeom HyperGeo"),
}
_BY_LETTER = {letter: name for name, (letters, _words) in _NAMES.items() for letter in letters.split()}
_BY_WORD = {word: name for name, (_letters, words) in _NAMES.items() for word in words.split()}

# A cheap sign: a word of the table right before its bracket, or in the command that sets it.
_SIGN = re.compile(rf"(?:{'|'.join(sorted(_BY_WORD, key=len, reverse=True))})\}}?\s*(?:\\left)?[(\[]")
_LOOKS_ONLY = re.compile(
    r"\\(?:text|mathrm|operatorname|mathcal|mathsf|textrm|mathbf|left|right|quad|[,;! ])(?![A-Za-z])|[\s$]"
)
_GROUPED = re.compile(r"(?<![_^])\{([A-Za-z ]{1,30})\}")
_CALLED = re.compile(r"(?:([A-Z])(?:\\sim|~|\N{TILDE OPERATOR}))?(\\?[A-Za-z]{1,30})[(\[](.{1,120})[)\]]\Z")


# The square of chi and its degrees of freedom, without blanks and braces: `\chi^2_n`, `\chi^2(n)`,
# `chi-squared with n degrees of freedom`.
_CHI = re.compile(
    r"(?:([A-Z])(?:\\sim|~|\N{TILDE OPERATOR}))?(?:a)?(?:\\?chi|\N{GREEK SMALL LETTER CHI})"
    r"(?:_(?P<below>.{1,20})\^2\Z|(?:\^2|²|-?square(?:d(?!i))?)(?:distribution)?"
    r"(?:_(?P<behind>.{1,20})|\((?P<inside>.{1,20})\)|(?:with)?(?P<said>.{1,20})(?:degreesoffreedom|df))\Z)",
    re.IGNORECASE,
)
_BRACES = str.maketrans("", "", "{}")


class _Distribution(NamedTuple):
    """A name, the variable that is distributed so (empty if none is named), and the parameters as written."""

    name: str
    variable: str
    parameters: tuple[str, ...]


def same_distribution(gold: str, given: str) -> list[tuple[str, str]]:
    r"""The parameters of two texts side by side, if both name one distribution; nothing for all else.

    >>> same_distribution(r"\text{Bin}(10, 0.5)", r"X \sim B(10, \frac12)")
    [('10', '10'), ('0.5', '\\frac12')]
    >>> same_distribution("B(3, 4)", "B(4, 3)")
    []
    """
    if len(gold) > _LONGEST or len(given) > _LONGEST:
        return []
    if not (_SIGN.search(gold) or _SIGN.search(given) or "chi" in given.lower()):
        return []
    one, other = _named(gold), _named(given)
    if one is None or other is None or one.name != other.name:
        return []
    if len(one.parameters) != len(other.parameters) or (one.variable or other.variable) != (
        other.variable or one.variable
    ):
        return []
    return list(zip(one.parameters, other.parameters, strict=True))


def _named(text: str) -> _Distribution | None:
    bare = _LOOKS_ONLY.sub("", text)
    chi = _CHI.match(bare.translate(_BRACES))
    if chi:
        return _Distribution("chi squared", chi[1] or "", (chi[chi.lastgroup or 0],))
    plain = _GROUPED.sub(r"\1", bare)
    found = _CALLED.match(plain)
    name = None if found is None else _BY_LETTER.get(found[2]) or _BY_WORD.get(found[2])
    return _Distribution(name, found[1] or "", _parts(found[3])) if found and name else None


def _parts(text: str) -> tuple[str, ...]:
    """What commas or semicolons part, outside of brackets; nothing where one closes that is not open."""
    depth, start, parts = 0, 0, []
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return ()
        if not depth and sign in ",;":
            parts.append(text[start:at])
            start = at + 1
    return (*parts, text[start:])
