r"""Text -> tokens, in one pass from left to right, each token with the span it came from.

A token is a tuple `(kind, value, start, end, spaced)`; `spaced` says that a blank stands before it. The lexer
drops what only changes the look (`\left`, `\,`, `$`), and never rewrites the text.
"""

# ruff: noqa: FBT001  (every rule has one signature: text, position, tokens, spaced)
# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mathtune.errors import LatexSyntaxError

from ._names import (
    ACCENTS,
    BARE,
    CALLED_ONLY,
    CLOSING,
    CONDITIONS,
    CONSTANTS,
    DROPPED,
    FUNCTIONS,
    GREEK,
    OPENING,
    OPERATORS,
    RELATIONS,
    SEPARATORS,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    TEXTS,
    TRANSPARENT,
    UNICODE,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_CHARACTERS", "Token", "tokenize"]

Token = tuple[str, Any, int, int, bool]

# The longest answers of real responses have some 2,000 characters; beyond this a text is no answer.
MAX_CHARACTERS = 10_000

_BLANK = re.compile(r"[\s~]+")
_DIGITS = re.compile(
    r"\d+\.(?=\s*\\(?:overline|bar|dot)\b)|\d+(?:\.\d+)?|\.\d+|\.(?=\\(?:overline|bar|dot)\b)"
)
_SPECIAL_GROUPS = re.compile(
    r"\d{1,3}(?:(?:,?\{,\}|,\s?\\!\s?|\\!,\s?|,\\,|,\\ |,\{\}|\\,|\\ |\\;|\\:|\\!|~| |,)\d{3}(?!\d))+"
)
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3}(?!\d))+(?!,\d)")
_BRACED_COMMA = re.compile(r"\{,\}(\d+)")
_FRACTIONAL = re.compile(r"\.\d+")
_EXPONENT = re.compile(r"[eE][+-]?\d+(?![\d.]*[a-zA-Z^])")
_LETTERS = re.compile(r"[A-Za-z]+")
_COMMAND = re.compile(r"[A-Za-z]+\*?")
_NEXT_FORMULA = re.compile(r"\$[\s.;,]*\n\s*\$")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_DOTS = re.compile(r"\.{2,}")
_EATEN = {"\x0c": "f", "\x08": "b"}  # JSON or Python read `\frac` and `\boxed` as an escape
_EATEN_TAB = re.compile(r"\t(?=ext|imes|an\b|heta|frac|o\b)")

_SIMPLE = {
    "+": ("op", "+"), "-": ("op", "-"), "*": ("op", "*"), "/": ("op", "/"), "^": ("op", "^"), "_": ("op",
    "_"),
    ":": ("op", ":"), "(": ("open", "("), ")": ("close", ")"), "[": ("open", "["), "]": ("close", "]"),
    "{": ("{", "{"), "}": ("}", "}"), "|": ("bar", "|"), ",": ("sep", ","), ";": ("sep", ";"), "&": ("amp",
    "&"),
    "=": ("rel", "="), "<": ("rel", "<"), ">": ("rel", ">"), "!": ("op", "!"), "%": ("op", "%"),
    "'": ("op", "'"),
    "`": ("space", ""), '"': ("op", '"'), "#": ("rel", "≠"), "?": ("sym", "?"), "@": ("sym", "@"),
    "€": ("unit", "euro"), "£": ("unit", "pound"), "¥": ("unit", "yen"), "¢": ("unit", "cent"),
    "₹": ("unit", "rupee"),
}  # fmt: skip
_LONGER = {
    "**": ("op", "^"), "<=": ("rel", "≤"), ">=": ("rel", "≥"), "!=": ("rel", "≠"), "==": ("rel", "="),
    ":=": ("rel", "="), "=>": ("rel", "⇒"), "->": ("rel", "→"), "!!": ("op", "!!"), "+-": ("op", "±"),
    "=<": ("rel", "≤"), "<>": ("rel", "≠"), "&&": ("sep", "and"), "~=": ("rel", "≈"),
    "≈≈": ("rel", "≈"), "≠≠": ("rel", "≠"),
}  # fmt: skip
_STRUCTURED = frozenset(
    [
        "frac",
        "dfrac",
        "tfrac",
        "cfrac",
        "sfrac",
        "nicefrac",
        "sqrt",
        "binom",
        "dbinom",
        "tbinom",
        "begin",
        "not",
        "left",
        "right",
        "overset",
        "underset",
        "stackrel",
        "substack",
        "xrightarrow",
        "pmod",
        "pod",
    ]
)
_BIG = {
    "sum": "sum", "prod": "prod", "int": "int", "lim": "lim", "iint": "iint", "iiint": "iiint", "oint": "int",
    "limsup": "limsup", "liminf": "liminf", "bigcup": "bigcup", "bigcap": "bigcap",
}  # fmt: skip
_SIGNS = {"pm": "±", "mp": "∓", "neg": "¬", "lnot": "¬", "forall": "∀", "exists": "∃", "angle": "∠"}
_DEGREES = frozenset(["deg", "degree", "degrees"])
_PERCENTS = frozenset(["percent", "pct", "percentage"])


def tokenize(text: str) -> list[Token]:
    """Give the tokens of `text`, the last of kind "end".

    Raises:
        LatexSyntaxError: The text is too long, or has an unclosed text command.
    """
    if len(text) > MAX_CHARACTERS:
        raise LatexSyntaxError(
            f"expected at most {MAX_CHARACTERS} characters", text, MAX_CHARACTERS, len(text)
        )
    tokens: list[Token] = []
    position, spaced, size = 0, False, len(text)
    while position < size:
        before = len(tokens)
        kind = text[position]
        rule = _RULES.get(kind) or (_simple if kind < "\x80" else _foreign)
        position = rule(text, position, tokens, spaced)
        spaced = len(tokens) == before or tokens[-1][0] == "space"
        if spaced and tokens and tokens[-1][0] == "space":
            tokens.pop()
    tokens.append(("end", "", size, size, spaced))
    return tokens


def _simple(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    double = text[position : position + 2]
    found = _LONGER.get(double)
    if found is not None and not (double == "+-" and text[position + 2 : position + 3] == "-"):
        tokens.append((*found, position, position + 2, spaced))
        return position + 2
    found = _SIMPLE.get(text[position])
    if found is not None:
        tokens.append((*found, position, position + 1, spaced))
    return position + 1


def _blank(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    del spaced
    if text[position] == "\t" and (found := _EATEN_TAB.match(text, position)):
        return _command(text, position, tokens, True, "t")
    found = _BLANK.match(text, position)
    return found.end() if found else position + 1


def _eaten(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text[position + 1 : position + 2].isalpha():
        return _command(text, position, tokens, spaced, _EATEN[text[position]])
    return position + 1


def _number(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """NUMBER = digits [groups of three] [. digits] [e digits]; a final point is a full stop."""
    in_list = (
        text[position - 1 : position] == "," and text[position - 2 : position - 1].isdigit() and position > 1
    )
    found = None if in_list else _COMMA_GROUPS.match(text, position)
    special = None if in_list else _SPECIAL_GROUPS.match(text, position)
    if special and not (found and found.end() >= special.end()) and text[position] != "0":
        end = special.end()
        digits = re.sub(r"\D", "", special.group())
    elif found:
        end = found.end()
        fraction = _FRACTIONAL.match(text, end)
        end = fraction.end() if fraction else end
        tokens.append(("grp", tuple(text[position:end].split(",")), position, end, spaced))
        return end
    else:
        found = _DIGITS.match(text, position)
        if not found:  # a lone point
            return _point(text, position, tokens, spaced)
        end = found.end()
        digits = found.group()
    if "." not in digits and (comma := _BRACED_COMMA.match(text, end)):  # `3{,}5` is a decimal comma
        end = comma.end()
        digits += "." + comma.group(1)
    if "." not in digits and (fraction := _FRACTIONAL.match(text, end)):
        end = fraction.end()
        digits += fraction.group()
    exponent = _EXPONENT.match(text, end)
    if exponent and _is_scientific(digits, exponent.group(), text):
        end = exponent.end()
        digits += exponent.group().lower()
    tokens.append(("num", digits, position, end, spaced))
    ordinal = _ORDINAL.match(text, end)
    if ordinal:
        tokens.append(("op", "th", end, ordinal.end(), False))
        end = ordinal.end()
    return end


def _is_scientific(digits: str, exponent: str, text: str) -> bool:
    """`5.1e-2` is a number; `2e-2` in LaTeX is two e minus two."""
    return "." in digits or exponent[0] == "E" or len(exponent) > 3 or "\\" not in text


def _point(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    found = _DOTS.match(text, position)
    if found:
        tokens.append(("sym", "ldots", position, found.end(), spaced))
        return found.end()
    rest = text[position + 1 :].lstrip(" \n$")
    if rest and (rest[0].isalpha() or rest[0].isdigit()) and tokens and not rest.startswith("\\"):
        tokens.append(("stop", ".", position, position + 1, spaced))
    return position + 1


def _letters(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    found = _LETTERS.match(text, position)
    word = found.group() if found else text[position]
    end = position + len(word)
    if word == "to" and tokens and tokens[-1][0] == "num" and text[end:].lstrip(" $}")[:1].isdigit():
        tokens.append(("op", ":", position, end, spaced))  # 3 to 4 is the ratio 3:4
        return end
    tokens.extend(_read_word(word, position, end, spaced, text))
    return end


_FIXED_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_DEGREES, ("op", "°")),
    **dict.fromkeys(_PERCENTS, ("op", "%")),
    "not": ("op", "¬"),
}


def _read_word(word: str, start: int, end: int, spaced: bool, text: str) -> list[Token]:
    if len(word) == 1:
        return [("let", word, start, end, spaced)]
    lower = word.lower()
    fixed = _FIXED_WORDS.get(lower)
    if fixed is not None:
        return [(*fixed, start, end, spaced)]
    called = text[end : end + 1] == "(" or text[end : end + 2] == " (" or text[end : end + 6] == "\\left("
    if word in FUNCTIONS and (word not in CALLED_ONLY or called):
        return [("fn", FUNCTIONS[word], start, end, spaced)]
    for table, kind in ((CONSTANTS, "sym"), (SEPARATORS, "sep")):
        if lower in table and (kind == "sep" or word in table):
            return [(kind, table[lower if kind == "sep" else word], start, end, spaced)]
    if word in GREEK:
        return [("sym", word, start, end, spaced)]
    if word == "in" and spaced and text[end:].lstrip()[:1] in ("(", "[", "{"):
        return [("rel", "∈", start, end, spaced)]
    if lower in CONDITIONS:
        return [("cond", word, start, end, spaced)]
    return _split_word(word, start, end, spaced) or [("word", word, start, end, spaced)]


def _split_word(word: str, start: int, end: int, spaced: bool) -> list[Token] | None:
    """`sinx` is sin x, `xsin` x sin, `npi` n pi; any other run stays a word."""
    for size in (len(word) - 1, len(word) - 2):
        if size < 2:
            continue
        head, tail = word[:size], word[size:]
        if head in BARE and head not in CALLED_ONLY and len(tail) == 1:
            middle = start + size
            return [("fn", FUNCTIONS[head], start, middle, spaced), ("let", tail, middle, end, False)]
        head, tail = word[: len(word) - size], word[len(word) - size :]
        known = tail in BARE and tail not in CALLED_ONLY
        if len(head) == 1 and (known or tail == "pi"):
            middle = start + 1
            kind = ("fn", FUNCTIONS[tail]) if known else ("sym", "pi")
            return [("let", head, start, middle, spaced), (*kind, middle, end, False)]
    return None


def _backslash(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text[position + 1 : position + 4] == "\\\\\\":  # escaped more than once
        return position + 2
    if text[position + 1 : position + 2] == "\\":
        found = _COMMAND.match(text, position + 2)
        if found and _is_doubled(found.group(), text):
            return _command(text, position + 1, tokens, spaced)
        tokens.append(("line", "\\\\", position, position + 2, spaced))
        return position + 2
    return _command(text, position, tokens, spaced)


def _is_doubled(name: str, text: str) -> bool:
    r"""`\\frac` comes from text that was escaped twice; a line break is not followed by a command's name."""
    if "\\begin" in text and "\\\\begin" not in text and name not in ("frac", "sqrt", "text", "dfrac"):
        return False
    return len(name) > 1 and (
        name in TEXTS
        or name in SPACES
        or name in ("left", "right", "boxed", "end")
        or _name_command(name) != ("sym", name)
        or name in GREEK
        or name in CONSTANTS
    )


def _command(text: str, position: int, tokens: list[Token], spaced: bool, eaten: str = "") -> int:
    r"""COMMAND = `\` letters or `\` sign."""
    found = _COMMAND.match(text, position + 1)
    if not found:
        return _escaped(text, position, tokens, spaced)
    name, end = eaten + found.group(), found.end()
    if name.endswith("*") and name not in TEXTS and name not in SPACES:
        name, end = name[:-1], end - 1
    if name in SPACES:
        return end
    if name in ("left", "right"):
        return _sized(text, position, end, name, tokens)
    if name in TEXTS:
        return _text_command(text, position, end, name, tokens, spaced)
    if name in DROPPED:
        return _skip_argument(text, end)
    if name in TRANSPARENT or name == "newline":
        return end
    kind, value = _name_command(name)
    if kind == "sym" and value == name and text[end : end + 1] in ("(", "[") and not _is_symbol(name):
        raise LatexSyntaxError(f"expected a command that exists, found \\{name}", text, position, end)
    tokens.append((kind, value, position, end, spaced))
    return end


def _is_symbol(name: str) -> bool:
    """Whether a command that no table names may be a symbol: a short one, or a known one."""
    return name in GREEK or name in CONSTANTS or name in _SYMBOLS


_SYMBOLS = frozenset(
    ["ell", "hbar", "nabla", "partial", "prime", "triangle", "square", "aleph", "imath", "jmath", "wp",
     "top", "bot", "forall", "exists", "emptyset", "varnothing", "ldots", "cdots", "dots", "neg",
     "lnot", "measuredangle", "Box", "dagger", "ddagger", "bigstar", "diamond", "bigtriangleup",
     "vartriangle", "blacksquare", "checkmark", "mho", "limsup", "liminf", "Pr", "ln", "hom", "arg",
     "det", "mathbb", "varpi", "varkappa", "digamma", "bigcirc"]
)  # fmt: skip


def _sized(text: str, start: int, end: int, name: str, tokens: list[Token]) -> int:
    r"""`\left` and `\right` say whether a bar opens or closes; `.` is no delimiter at all."""
    while text[end : end + 1] == " ":
        end += 1
    kind = "open" if name == "left" else "close"
    if text[end : end + 1] == ".":
        tokens.append((kind, ".", start, end + 1, False))
        return end + 1
    for sign, mark in (("|", "|"), ("\\|", "‖"), ("\\vert", "|"), ("\\Vert", "‖")):
        if text.startswith(sign, end):
            tokens.append((kind, mark, start, end + len(sign), False))
            return end + len(sign)
    return end


def _name_command(name: str) -> tuple[str, Any]:
    for kind, table in _COMMAND_TABLES:
        if name in table:
            return kind, table[name] if isinstance(table, dict) else name
    if name == "end":
        return "endenv", name
    if name in ("over", "choose", "atop"):
        return "infix", name
    if name in ("ldots", "cdots", "dots", "dotsc", "dotsb", "vdots", "ddots", "dotsm"):
        return "sym", "ldots"
    if name in ("varnothing", "emptyset"):
        return "sym", "emptyset"
    if name in ("circ", "degree", "textdegree"):
        return "op", "°" if name != "circ" else "∘"
    return "sym", name


def _escaped(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    sign = text[position + 1 : position + 2]
    end = position + 2
    if sign in SPACES or sign.isspace() or sign in "()[]" or not sign:
        if sign == "[" and text[position + 2 : position + 3].isdigit() and tokens:
            return end  # `\\[2pt]` lost a backslash
        return end
    if sign in {"{", "}"}:
        tokens.append(("open" if sign == "{" else "close", sign, position, end, spaced))
    elif sign == "%":
        tokens.append(("op", "%", position, end, spaced))
    elif sign == "$":
        tokens.append(("unit", "dollar", position, end, spaced))
    elif sign == "|":
        tokens.append(("bar", "‖", position, end, spaced))
    elif sign == "&":
        tokens.append(("sep", "and", position, end, spaced))
    elif sign == "#":
        tokens.append(("sym", "#", position, end, spaced))
    return end


def _text_command(  # noqa: PLR0917  (a rule that has read the command's name)
    text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool
) -> int:
    while end < len(text) and text[end].isspace():
        end += 1
    if text[end : end + 1] != "{":
        return end
    close = _matching_brace(text, end)
    content = text[end + 1 : close].replace("~", " ").replace("\\ ", " ").replace("\\,", " ").strip()
    if content == "to" and tokens and tokens[-1][0] == "num":
        tokens.append(("op", ":", start, close + 1, spaced))
        return close + 1
    tokens.extend(_read_text(content, name, start, close + 1, spaced))
    return close + 1


def _read_text(content: str, name: str, start: int, end: int, spaced: bool) -> list[Token]:
    bare = content.strip(" ,;").lower()
    if bare in SEPARATORS:
        comma: list[Token] = [("sep", ",", start, start, spaced)] if content.startswith(",") else []
        return [*comma, ("sep", SEPARATORS[bare], start, end, spaced)]
    if not content or content in ",;.":
        return [("sep", content, start, end, spaced)] if content in (",", ";") else []
    first = bare.split(None, 1)[0] if bare else ""
    if first in CONDITIONS:
        return [("cond", content, start, end, spaced)]
    if content in FUNCTIONS and (content not in CALLED_ONLY or name.startswith("operatorname")):
        return [("fn", FUNCTIONS[content], start, end, spaced)]
    if bare in _DEGREES:
        return [("op", "°", start, end, spaced)]
    if bare in _PERCENTS or content == "\\%":
        return [("op", "%", start, end, spaced)]
    if len(content) == 1 and content.isalpha() and name in ("mathrm", "rm", "operatorname"):
        return [("let", content, start, end, spaced)]
    if (
        content[0] in "-.0123456789$(["
        and not any(c.isalpha() for c in content)
        and any(map(str.isdigit, content))
    ):
        return [(*token[:2], start, end, token[4]) for token in tokenize(content)[:-1]]
    return [("text", content, start, end, spaced)]


def _skip_argument(text: str, end: int) -> int:
    if text[end : end + 1] != "{":
        return end
    return _matching_brace(text, end) + 1


def _matching_brace(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        sign = text[position]
        if sign == "{" and text[position - 1] != "\\":
            depth += 1
        elif sign == "}" and text[position - 1] != "\\":
            depth -= 1
            if depth == 0:
                return position
    raise LatexSyntaxError("expected a closing brace", text, start, start + 1)


def _foreign(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """Beyond ASCII: scripts, digits of other alphabets, signs with a LaTeX name, words."""
    sign = text[position]
    for table, mark in ((SUPERSCRIPTS, "^"), (SUBSCRIPTS, "_")):
        if sign in table:
            return _scripts(text, position, tokens, spaced, table, mark)
    mapped = UNICODE.get(sign)
    if mapped is not None:
        return _mapped(text, position, tokens, spaced)
    if sign in _SIMPLE:
        tokens.append((*_SIMPLE[sign], position, position + 1, spaced))
    elif sign.isalpha():
        end = position
        while end < len(text) and text[end].isalpha() and text[end] >= "\x80" and text[end] not in UNICODE:
            end += 1
        tokens.append(("text", text[position:end], position, end, spaced))
        return end
    elif sign.isprintable() and not sign.isspace():
        tokens.append(("text", sign, position, position + 1, spaced))
    return position + 1


def _mapped(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    r"""`π` is lexed as `\pi`, Arabic digits as the same number."""
    mapped = UNICODE[text[position]]
    if not mapped.isdigit():
        inner = tokenize(mapped)[:-1]
        tokens.extend((*token[:2], position, position + 1, token[4] or spaced) for token in inner)
        return position + 1
    end = position
    while UNICODE.get(text[end : end + 1], "-").isdigit():
        end += 1
    digits = "".join(UNICODE[c] for c in text[position:end])
    tokens.append(("num", digits, position, end, spaced))
    return end


def _scripts(  # noqa: PLR0917  (a rule with its table)
    text: str, position: int, tokens: list[Token], spaced: bool, table: dict[str, str], mark: str
) -> int:
    """`x²³` has the exponent 23."""
    end = position
    while end < len(text) and text[end] in table:
        end += 1
    script = "".join(table[c] for c in text[position:end])
    tokens.extend([("op", mark, position, end, spaced), ("{", "{", position, end, False)])
    tokens.extend((*token[:2], position, end, token[4]) for token in tokenize(script)[:-1])
    tokens.append(("}", "}", position, end, False))
    return end


def _brace(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`{,}` and `{:}` only take the blank away behind the sign."""
    if text[position + 2 : position + 3] == "}" and text[position + 1] in ",:;":
        return _simple(text, position + 1, tokens, spaced) + 1
    return _simple(text, position, tokens, spaced)


def _percent(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """Maxima writes its constants as %pi, %e, %i; after a value the sign is a percent."""
    for name, token in _MAXIMA.items():
        end = position + 1 + len(name)
        if (
            text.startswith(name, position + 1)
            and not text[end : end + 1].isalpha()
            and not _after_value(tokens)
        ):
            tokens.append((*token, position, end, spaced))
            return end
    return _simple(text, position, tokens, spaced)


_MAXIMA: dict[str, tuple[str, Any]] = {
    "pi": ("sym", "pi"), "e": ("let", "e"), "i": ("let", "i"), "phi": ("sym", "phi"), "union": ("fn",
    "union"),
    "gamma": ("sym", "gamma"), "intersection": ("fn", "intersection"),
}  # fmt: skip


def _after_value(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[-1][0] in ("num", "grp", "close", "}", "let")


def _hash(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text.startswith("#pm#", position):
        tokens.append(("op", "±", position, position + 4, spaced))
        return position + 4
    return _simple(text, position, tokens, spaced)


def _quote(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """A prime stands right after a value; before one it only quotes."""
    if spaced or not (
        _after_value(tokens)
        or ((tokens and tokens[-1][1] in ("'", "°")) or (tokens[-1:] and tokens[-1][0] == "sym"))
    ):
        return position + 1
    return _simple(text, position, tokens, spaced)


def _tag(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """HTML's <sup> and <sub>, which data sets from web pages carry; `<1, 2>` as a whole is a vector."""
    if not tokens and "," in text and text.rstrip().endswith(">"):
        tokens.append(("open", "⟨", position, position + 1, spaced))
        return position + 1
    for tag, token in _TAGS.items():
        if text.startswith(tag, position):
            tokens.extend((kind, value, position, position + len(tag), False) for kind, value in token)
            return position + len(tag)
    return _simple(text, position, tokens, spaced)


def _greater(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """The end of a vector in `<` and `>`, or the relation."""
    if position == len(text.rstrip()) - 1 and tokens and tokens[0][:2] == ("open", "⟨"):
        tokens.append(("close", "⟩", position, position + 1, spaced))
        return position + 1
    return _simple(text, position, tokens, spaced)


_TAGS = {
    "<sup>": [("op", "^"), ("{", "{")], "</sup>": [("}", "}")], "<sub>": [("op", "_"), ("{", "{")],
    "</sub>": [("}", "}")], "<br>": [("line", "\\\\")], "<br/>": [("line", "\\\\")],
}  # fmt: skip


def _dollar(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """A formula's end; a line break before the next formula parts the two."""
    found = _NEXT_FORMULA.match(text, position)
    if found and tokens and "\n" in found.group():
        tokens.append(("line", "\n", position, found.end(), spaced))
        return found.end()
    return position + 1


def _factorial(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`3!=6` is a factorial and an equality, `x != 3` an inequality."""
    counted = not spaced and bool(tokens) and tokens[-1][0] in ("num", "close")
    if counted and text[position + 1 : position + 2] == "=":
        tokens.append(("op", "!", position, position + 1, False))
        return position + 1
    return _simple(text, position, tokens, spaced)


def _skip(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    del text, tokens, spaced
    return position + 1


# Names of functions in plain text that are no commands, or other ones.
_PLAIN_ONLY = frozenset(
    ["matrix", "int", "sum", "product", "diff", "limit", "oo", "oc", "co", "cc", "union",
     "intersection", "vec", "root", "mod", "re", "im", "real", "imag", "choose", "beta", "th", "ch",
     "sh", "comb", "perm", "binom"]
)  # fmt: skip

_COMMAND_TABLES: tuple[tuple[str, Any], ...] = (
    ("cmd", _STRUCTURED),
    ("big", _BIG),
    ("rel", RELATIONS),
    ("sep", {"land": "and", "wedge": "and", "lor": "or", "vee": "or"}),
    ("op", {**OPERATORS, **_SIGNS, "circ": "∘", "degree": "°", "prime": "'", "colon": ":"}),
    ("open", {name: sign for name, sign in OPENING.items() if name.isalpha()}),
    ("close", {name: sign for name, sign in CLOSING.items() if name.isalpha()}),
    (
        "fn",
        {name: value for name, value in FUNCTIONS.items() if name not in GREEK and name not in _PLAIN_ONLY},
    ),
    ("accent", ACCENTS),
    ("bar", {"vert": "|", "Vert": "‖"}),
    ("sym", CONSTANTS),
)

_RULES: dict[str, Callable[[str, int, list[Token], bool], int]] = {
    **dict.fromkeys("0123456789.", _number),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", _letters),
    **dict.fromkeys(" \t\n\r\v~", _blank),
    **dict.fromkeys("\x0c\x08", _eaten),
    "\\": _backslash,
    "%": _percent,
    "{": _brace,
    "#": _hash,
    "'": _quote,
    "<": _tag,
    ">": _greater,
    "!": _factorial,
    "$": _dollar,
    "\x00": _skip,
}
