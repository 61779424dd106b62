"""Elliptic integrals and Jacobi's functions on balls; the last argument is the parameter m = k^2.

A value counts as natural where 0 < m < 1, which is what everybody means by a modulus.
"""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._evaluation import Evaluation, UnsupportedError, is_real

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ELLIPTIC"]


def _known(evaluation: Evaluation, parameter: Any) -> Any:
    evaluation.budget.spend(20)
    if not (is_real(parameter) and 0 < parameter.real < 1):
        evaluation.natural = False
    return parameter


def _complete(name: str) -> Callable[..., Any]:
    def rule(evaluation: Evaluation, _flint: Any, parameter: Any) -> Any:
        return getattr(_known(evaluation, parameter), name)()

    return rule


def _incomplete(name: str) -> Callable[..., Any]:
    def rule(evaluation: Evaluation, flint: Any, angle: Any, parameter: Any) -> Any:
        function = getattr(flint.acb, name, None)
        if function is None:  # flint's stand-in in an exported grader has complete integrals only
            raise UnsupportedError
        return function(angle, _known(evaluation, parameter))

    return rule


def _jacobi(name: str) -> Callable[..., Any]:
    """As quotients of theta functions, DLMF 22.2."""

    def rule(evaluation: Evaluation, flint: Any, argument: Any, parameter: Any) -> Any:
        quarter = _known(evaluation, parameter).elliptic_k()
        tau = flint.acb(0, 1) * (1 - parameter).elliptic_k() / quarter
        one, two, three, four = (argument / (2 * quarter)).modular_theta(tau)
        _, two_0, three_0, four_0 = flint.acb(0).modular_theta(tau)
        scale, above = {
            "sn": (three_0 / two_0, one),
            "cn": (four_0 / two_0, two),
            "dn": (four_0 / three_0, three),
        }[name]
        value = scale * above / four
        return flint.acb(value.real) if is_real(argument) and evaluation.natural else value

    return rule


ELLIPTIC: dict[str, Any] = {
    "elliptic K": _complete("elliptic_k"),
    "elliptic E": _complete("elliptic_e"),
    "elliptic F": _incomplete("elliptic_f"),
    "incomplete E": _incomplete("elliptic_e_inc"),
    **{name: _jacobi(name) for name in ("sn", "cn", "dn")},
}
