r"""Chemical formulas: `CH4`, `\\mathrm{CH_4}` and `CH₄` are one molecule, `2H2 + O2 -> 2H2O` a reaction.

In mathematics these are products of letters with indices or factors; so both texts must be made of symbols of
elements and of nothing else.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["same_molecule"]

_LONGEST = 200
_ELEMENTS = (
    "H|He|Li|Be|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Sc|Ti|V|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr"
    "|Zr|Mo|Pd|Ag|Cd|Sn|Sb|I|Xe|Cs|Ba|W|Pt|Au|Hg|Pb|Bi|Rn|Ra|U"
)
_MOLECULE = re.compile(
    rf"\d{{0,3}}(?:(?:{_ELEMENTS})\d{{0,3}}|\((?:(?:{_ELEMENTS})\d{{0,3}}){{1,8}}\)\d{{0,2}})+"
)
_CHARGE = re.compile(r"\^?\{?(\d?[+-])\}?(?=\Z|[+>])|\^\{?(\d?[+-])\}?")
_RAISED = re.compile("[\u00b2\u00b3\u2074-\u2079]?[\u207a\u207b]")
_LOOKS_ONLY = re.compile(r"\\(?:mathrm|text|ce|rm|mathit|,|;|!)(?![A-Za-z])|[\s$_]|\\ ")
_ARROW = re.compile(r"\\(?:long)?rightarrow|\\to(?![a-z])|-+>|=|\u2192|\u27f6")


def same_molecule(gold: str, given: str) -> bool:
    r"""Whether two texts are one chemical formula, or one reaction.

    >>> same_molecule("CH4", r"\mathrm{CH_4}"), same_molecule(r"\text{H}_2\text{O}", "H2O")
    (True, True)
    >>> same_molecule("CH4", "C_2H_4"), same_molecule("C^2", "C_2")
    (False, False)
    """
    if _SIGN.search(gold) is None or _SIGN.search(given) is None:
        return False
    first = _bare(gold)
    return first is not None and first == _bare(given)


# An element and how many atoms, a second element, or a charge.
_SIGN = re.compile(r"[A-Z](?:[a-z]?\}?[\d_^(+\u2080-\u2089]|[A-Z])")


def _bare(text: str) -> str | None:
    """The formula without what only sets it; None for all else."""
    if len(text) > _LONGEST:
        return None
    charged = _RAISED.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), text)
    plain = _ARROW.sub(
        ">", _LOOKS_ONLY.sub("", unicodedata.normalize("NFKC", charged).replace("\u2212", "-"))
    )
    plain = _CHARGE.sub(lambda found: f"[{found[1] or found[2]}]", plain).replace("{", "").replace("}", "")
    parts = re.split(r"[+>]", re.sub(r"\[\d?[+-]\]", "", plain))
    return plain if all(map(_MOLECULE.fullmatch, parts)) else None
