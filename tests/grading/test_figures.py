"""Numbers that are read without a tree mean what their trees mean."""

from __future__ import annotations

import itertools

from mathtune.algebra import rational
from mathtune.grading._figures import figure
from mathtune.grading._side import Side
from mathtune.grading._unit_table import _LONG, _LONG_PREFIXES, _NAMED, _SHORT, _SHORT_PREFIXES
from mathtune.grading._values import Quantity

PREFIXED = [
    *("".join(parts) for parts in itertools.product(_SHORT_PREFIXES, _SHORT)),
    *("".join(parts) for parts in itertools.product(_LONG_PREFIXES, _LONG)),
]


def test_what_stands_behind_a_figure_is_a_unit_for_its_tree_too():
    """Of all names in the table, those of powers, of functions and of letters are left to the tree."""
    texts = [f"7 {name}" for name in sorted({*_NAMED, *_LONG, *PREFIXED})]
    read = {text: Side(text).value for text in texts if figure(text) is not None}
    wrong = [text for text, value in read.items() if not _is_measure(value)]
    assert len(read) > 500
    assert not wrong


def _is_measure(value):
    return type(value) is Quantity and value.expression == rational(7) and value.unit is not None
