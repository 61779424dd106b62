"""Takes a response, gives its final answer, or None.

In reading order: `_extract` (the ways, strongest first), `_thinking`, `_boxes`, `_groups`, `_fields`,
`_claims`, `_final_claims`, `_claimed_values`, `_conclusions`, `_equation`; for a gold answer of several
values `_namings` and `_headed`; for a known problem `_offers`, `_offered`, `_names_asked`, `_asked_for`,
`_number_words`, `_answer_first`, `_digressions`, `_told_apart`, `_extremes`, `_letters`, `_parts_of_all`,
`_questions`; below them `_closing`, `_sentences`, `_tokens`, `_statement`, `_stated`, `_values`,
`_relations`, `_run_values`, `_runs`, `_clauses`, `_purposes`, `_predicates`, `_refuted`, `_retractions`,
`_one_of_two`, `_branches`, `_turns`; for wrong arguments `_arguments`. The words around answers are in
`phrases.json`.
"""

from __future__ import annotations

from ._answer import Answer, How
from ._arguments import require_texts
from ._asked_for import asked_for, unasked
from ._boxes import last_boxed, unboxed
from ._branches import with_branches
from ._equation import equation_around
from ._extract import MAX_RESPONSE, extract_answer, shifted
from ._groups import all_boxed
from ._headed import headed_lines, lettered_parts
from ._names_asked import name_asked
from ._namings import Naming, last_list, namings
from ._offered import settled_on
from ._offers import offer_of
from ._one_of_two import left_of_two
from ._questions import SENTENCE_END, stems_of
from ._thinking import is_cut_off, without_thinking
from ._turns import REFUSED

__all__ = [
    "MAX_RESPONSE",
    "REFUSED",
    "SENTENCE_END",
    "Answer",
    "How",
    "Naming",
    "all_boxed",
    "asked_for",
    "equation_around",
    "extract_answer",
    "headed_lines",
    "is_cut_off",
    "last_boxed",
    "last_list",
    "left_of_two",
    "lettered_parts",
    "name_asked",
    "namings",
    "offer_of",
    "require_texts",
    "settled_on",
    "shifted",
    "stems_of",
    "unasked",
    "unboxed",
    "with_branches",
    "without_thinking",
]
