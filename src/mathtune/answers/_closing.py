r"""What closes a response behind its last word: `$\square$`, `</s>`, `<|eot_id|>`, a rule, no-width space."""

from __future__ import annotations

import re

__all__ = ["before_closing_signs"]

_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
_SPACE = " \t\r\n\f\v\u00a0\u3000" + "".join(_INVISIBLE)
# How such signs end: of any other text, nothing more is looked at.
_ENDS = (*">$*-_]\u220e\u25a0\u25a1", "D.", "square", "qed", "Box", "qedsymbol", "hfill")
# So many characters hold one sign.
MAX_SIGN = 40
MAX_SIGNS = 100
_SIGN = re.compile(
    r"""(?:
    (?:\\hfill\s{0,4})?\$?\s?\\(?:blacksquare|square|qed|Box|qedsymbol|hfill)\s?\$?  # the end of a proof
  | [\u220e\u25a0\u25a1]|(?<![A-Za-z])Q\.?E\.?D\.?
  | </?(?!su[bp]>|answer>)[A-Za-z][A-Za-z_]{0,15}>  # markup, `<end_of_turn>`
  | <[|\uff5c][^<>|\uff5c\n]{1,30}[|\uff5c]>|\[/?[A-Z]{3,12}\]
  | (?<=\n)(?:-{3,}|\*{3,}|_{3,})  # a rule
  | (?<=[.!?]\ )\[\d{1,2}\]  # a source
    )\Z""",
    re.VERBOSE,
)


def before_closing_signs(text: str) -> str:
    """The text up to its last word or formula."""
    end = len(text.rstrip(_SPACE))
    for count in range(MAX_SIGNS):
        sign = _SIGN.search(text, max(0, end - MAX_SIGN), end) if text.endswith(_ENDS, 0, end) else None
        if sign is None:
            return text[:end] if count or text.endswith(_INVISIBLE) else text
        end = len(text[: sign.start()].rstrip(_SPACE))
    return text[:end]
