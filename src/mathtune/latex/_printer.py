"""Tree -> text, as LaTeX or as plain mathematics; reading it again gives the same mathematics."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from ._tree import (
    Accent,
    Big,
    Call,
    Cases,
    Fraction,
    Group,
    Grouped,
    Lines,
    List,
    Matrix,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Repeating,
    Root,
    Subscript,
    Sum,
    Symbol,
    Text,
    Where,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    _Show: TypeAlias = Callable[[Node], str]
    _Joint: TypeAlias = Callable[[str], str]

__all__ = ["to_latex", "to_text"]

_LATEX_SIGNS = {
    "×": "\\times", "*": "\\cdot", "÷": "\\div", "∪": "\\cup", "∩": "\\cap", "∖": "\\setminus", "±": "\\pm",
    "∓": "\\mp", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "∼": "\\sim", "≡": "\\equiv",
    "∈": "\\in",
    "∉": "\\notin", "⊂": "\\subset", "⊆": "\\subseteq", "→": "\\to", "⇒": "\\implies", "⇔": "\\iff",
    "∣": "\\mid",
    "∀": "\\forall", "∃": "\\exists", "∠": "\\angle", "¬": "\\neg", "mod": "\\bmod", "∘": "\\circ",
    "≅": "\\cong",
    "⊃": "\\supset", "⊇": "\\supseteq", "∋": "\\ni", "∥": "\\parallel", "⊥": "\\perp", "∝": "\\propto",
    "⊗": "\\otimes", "⊕": "\\oplus", "⋆": "\\star", "≪": "\\ll", "≫": "\\gg", "∤": "\\nmid", "≺": "\\prec",
    "≻": "\\succ", "⊈": "\\nsubseteq", "⊄": "\\nsubset", "⊨": "\\models", "⊢": "\\vdash", "⊊": "\\subsetneq",
    "⇐": "\\because", "∌": "\\notni", "⊅": "\\nsupset",
}  # fmt: skip
_OPENINGS = {
    "{": "\\{",
    "⌊": "\\lfloor ",
    "⌈": "\\lceil ",
    "⟨": "\\langle ",
    "|": "\\left|",
    "‖": "\\left\\|",
}
_CLOSINGS = {
    "}": "\\}",
    "⌋": "\\rfloor ",
    "⌉": "\\rceil ",
    "⟩": "\\rangle ",
    "|": "\\right|",
    "‖": "\\right\\|",
}
_SEPARATORS = {"and": " \\text{ and } ", "or": " \\text{ or } ", ",": ",", ", ": ", ", ";": "; "}


def to_latex(node: Node) -> str:
    r"""Print a tree as LaTeX.

    >>> from mathtune.latex import parse
    >>> to_latex(parse("x<=1 or x>2"))
    'x \\le 1 \\text{ or } x > 2'
    """
    return _print(node)


def to_text(node: Node) -> str:
    r"""Print a tree as one line of plain text for people.

    >>> from mathtune.latex import parse
    >>> to_text(parse("\\frac{\\sqrt{3}}{2}, -1"))
    'sqrt(3)/2, -1'
    """
    printed: str = _PLAIN[type(node)](node)
    return printed


def _print(node: Node) -> str:
    rule = _LATEX[type(node)]
    printed: str = rule(node)
    return printed


def _atomic(node: Node) -> str:
    """Print as the base of a script: braces unless it is one sign."""
    text = _print(node)
    if isinstance(node, (Symbol, Group, Number, Accent, Text, Word, Grouped, Subscript, Matrix)):
        return text
    return "{" + text + "}"


def _sign(operator: str) -> str:
    return _LATEX_SIGNS.get(operator, operator)


def _joint(operator: str) -> str:
    return f" {_sign(operator)} "


def _symbol(node: Symbol) -> str:
    return (
        node.name if len(node.name) == 1 else f"\\{node.name} " if node.name.isalpha() else f"\\{node.name}"
    )


def _sum(node: Sum, show: _Show = _print, joint: _Joint = _joint) -> str:
    parts = [show(node.terms[0])]
    for term in node.terms[1:]:
        if isinstance(term, Prefix) and term.operator in "-±∓":
            parts.append(joint(term.operator) + show(term.argument))
        else:
            parts.append(f" + {show(term)}")
    return "".join(parts)


def _product(node: Product, show: _Show = _print, joint: _Joint = _joint) -> str:
    parts = [show(node.factors[0])]
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        between = " " if operator == "" else operator if operator in "/:" else joint(operator)
        parts.append(between + show(factor))
    return "".join(parts)


def _call(node: Call) -> str:
    if node.name == "binom" and len(node.arguments) == 2:
        return f"\\binom{{{_print(node.arguments[0])}}}{{{_print(node.arguments[1])}}}"
    if node.name == "sqrt" and len(node.arguments) == 1 and node.power is None:
        return f"\\sqrt{{{_print(node.arguments[0])}}}"
    head = f"\\{node.name}" if f"\\{node.name}" in _KNOWN else f"\\operatorname{{{node.name}}}"
    if node.base is not None:
        head += f"_{{{_print(node.base)}}}"
    if node.power is not None:
        head += f"^{{{_print(node.power)}}}"
    return f"{head}({', '.join(_print(argument) for argument in node.arguments)})"


_KNOWN = {
    f"\\{name}"
    for name in [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "ln",
        "log",
        "exp",
        "max",
        "min",
        "gcd",
        "arg",
        "det",
    ]
}


def _big(node: Big) -> str:
    head = f"\\{node.sign}"
    if node.lower is not None:
        head += f"_{{{_print(node.lower)}}}"
    if node.upper is not None:
        head += f"^{{{_print(node.upper)}}}"
    return f"{head} {_print(node.body)}"


def _group(node: Group) -> str:
    body = "" if node.body is None else _print(node.body)
    if node.opening == "" == node.closing:
        return "{" + body + "}"
    if node.opening == "" or node.closing == "":
        opening, closing = (_SIZED.get(sign, sign) or "." for sign in (node.opening, node.closing))
        return f"\\left{opening} {body} \\right{closing}"
    return f"{_OPENINGS.get(node.opening, node.opening)}{body}{_CLOSINGS.get(node.closing, node.closing)}"


# Delimiters behind `\\left` and `\\right`, which stand where one of a pair is missing.
_SIZED = {
    "{": "\\{",
    "}": "\\}",
    "⌊": "\\lfloor",
    "⌋": "\\rfloor",
    "⌈": "\\lceil",
    "⌉": "\\rceil",
    "‖": "\\|",
}


def _list(node: List) -> str:
    """Items; a blank keeps `0, 05` from being a decimal comma."""
    leading = any(isinstance(item, Number) and item.text[0] == "0" for item in node.items[1:])
    separator = ", " if leading and node.separator == "," else _SEPARATORS[node.separator]
    return separator.join(_print(item) for item in node.items)


def _relation(node: Relation, show: _Show = _print, joint: _Joint = _joint) -> str:
    parts = [show(node.sides[0])]
    for operator, side in zip(node.operators, node.sides[1:], strict=True):
        parts.append((": " if operator == ":" else joint(operator)) + show(side))
    return "".join(parts)


def _rows(rows: tuple[tuple[Node, ...], ...]) -> str:
    return " \\\\ ".join(" & ".join(_print(cell) for cell in row) for row in rows)


def _matrix(node: Matrix) -> str:
    columns = "{" + "c" * len(node.rows[0]) + "}" if node.environment == "array" else ""
    return f"\\begin{{{node.environment}}}{columns} {_rows(node.rows)} \\end{{{node.environment}}}"


def _postfix(node: Postfix) -> str:
    marks = {"%": "\\%", "°": "^\\circ ", "th": "^{\\text{th}}"}
    primes = node.operator == "'" and isinstance(node.argument, Postfix) and node.argument.operator == "'"
    bare = primes or isinstance(node.argument, Fraction)
    argument = _print(node.argument) if bare else _atomic(node.argument)
    return argument + marks.get(node.operator, node.operator)


def _text(node: Text) -> str:
    return f"\\text{{{node.text}}}" if node.text else "{}"


def _number(node: Number) -> str:
    return node.text.replace("e", "E")  # in LaTeX `1e5` is a product with Euler's number


_LATEX: dict[type, Any] = {
    Number: _number,
    Grouped: lambda n: ",".join(n.parts),
    Repeating: lambda n: f"{n.text}\\overline{{{n.period}}}",
    Symbol: _symbol,
    Word: lambda n: n.text,
    Text: _text,
    Prefix: lambda n: (
        f"{_sign(n.operator)} {_print(n.argument)}"
        if len(_sign(n.operator)) > 1
        else f"{n.operator}{_print(n.argument)}"
    ),
    Postfix: _postfix,
    Sum: _sum,
    Product: _product,
    Fraction: lambda n: f"\\frac{{{_print(n.numerator)}}}{{{_print(n.denominator)}}}",
    Power: lambda n: f"{_atomic(n.base)}^{{{_print(n.exponent)}}}",
    Subscript: lambda n: f"{_atomic(n.base)}_{{{_print(n.index)}}}",
    Root: lambda n: f"\\sqrt{'' if n.index is None else '[' + _print(n.index) + ']'}{{{_print(n.radicand)}}}",
    Call: _call,
    Big: _big,
    Group: _group,
    List: _list,
    Relation: _relation,
    Where: lambda n: (
        f"{_print(n.body)} {n.condition}"
        if set("\\$") & set(n.condition)
        else f"{_print(n.body)} \\text{{ {n.condition}}}"
    ),
    Matrix: _matrix,
    Cases: lambda n: f"\\begin{{cases}} {_rows(n.rows)} \\end{{cases}}",
    Lines: lambda n: " \\\\ ".join(_print(item) for item in n.items),
    Accent: lambda n: f"\\{n.name}{{{_print(n.body)}}}",
}


def _plain_operand(node: Node) -> str:
    text = to_text(node)
    return f"({text})" if type(node) in _COMPOUND else text


_COMPOUND = frozenset([Sum, Product, Prefix, Fraction, Relation, List, Big])


def _plain_joint(operator: str) -> str:
    return operator if operator == "*" else f" {operator} "


def _plain_product(node: Product) -> str:
    """Factors; a formula over another is kept from what stands behind it, and money has its sign."""
    if any(map(_is_of_formulas, node.factors[:-1])):
        kept = [Group("(", one, ")") if _is_of_formulas(one) else one for one in node.factors[:-1]]
        node = Product((*kept, node.factors[-1]), node.operators)
    text = _product(node, to_text, _plain_joint)
    first = node.factors[0]
    if not isinstance(first, Text) or first.text not in _MONEY:
        return text
    return _MONEY[first.text] + text[len(first.text) :].lstrip()


def _is_of_formulas(node: Node) -> bool:
    return type(node) is Fraction and not (type(node.numerator) is type(node.denominator) is Number)


# The signs that the lexer names by a word.
_MONEY = {"dollar": "$", "euro": "€", "sterling": "£", "yensign": "¥", "rupee": "₹"}
_DOTS = dict.fromkeys(("ldots", "cdots", "dots"), "...")


def _plain_group(node: Group) -> str:
    if isinstance(node.body, Matrix) and node.opening in _OF_MATRICES:
        return to_text(node.body)
    return f"{node.opening}{'' if node.body is None else to_text(node.body)}{node.closing}"


_OF_MATRICES = frozenset(["(", "["])  # brackets that a matrix has by itself


def _plain_scripts(below: Node | None, above: Node | None) -> str:
    index = "" if below is None else f"_{_plain_operand(below)}"
    return index if above is None else f"{index}^{_plain_operand(above)}"


def _plain_call(node: Call) -> str:
    arguments = ", ".join(to_text(argument) for argument in node.arguments)
    return f"{node.name}{_plain_scripts(node.base, node.power)}({arguments})"


def _plain_big(node: Big) -> str:
    return f"{node.sign}{_plain_scripts(node.lower, node.upper)} {to_text(node.body)}"


def _plain_cases(node: Cases) -> str:
    return ", ".join(_plain_case(*row) for row in node.rows)


def _plain_case(value: Node, *condition: Node) -> str:
    said = " ".join(to_text(cell).strip() for cell in condition)
    in_words = any(isinstance(cell, (Text, Where)) for cell in condition)
    return f"{to_text(value)} {said}".rstrip() if in_words or not said else f"{to_text(value)} if {said}"


def _plain_root(node: Root) -> str:
    if node.index is None:
        return f"sqrt({to_text(node.radicand)})"
    return f"root({to_text(node.radicand)}, {to_text(node.index)})"


def _plain_matrix(node: Matrix) -> str:
    rows = (f"[{', '.join(to_text(cell) for cell in row)}]" for row in node.rows)
    return f"[{', '.join(rows)}]"


_TEXT_COMMAND = re.compile(r"\\text\s?\{([^{}\\]*)\}")


def _said(found: re.Match[str]) -> str:
    return f" {found[1].strip()} "


_PLAIN: dict[type, Any] = {
    **_LATEX,
    Matrix: _plain_matrix,
    Symbol: lambda n: _DOTS.get(n.name, n.name),
    Text: lambda n: n.text,
    Prefix: lambda n: f"{n.operator}{to_text(n.argument)}",
    Postfix: lambda n: f"{_plain_operand(n.argument)}{n.operator}",
    Sum: lambda n: _sum(n, to_text, _plain_joint),
    Product: _plain_product,
    Fraction: lambda n: f"{_plain_operand(n.numerator)}/{_plain_operand(n.denominator)}",
    Power: lambda n: f"{_plain_operand(n.base)}^{_plain_operand(n.exponent)}",
    Subscript: lambda n: f"{_plain_operand(n.base)}_{_plain_operand(n.index)}",
    Root: _plain_root,
    Call: _plain_call,
    Big: _plain_big,
    Cases: _plain_cases,
    Group: _plain_group,
    List: lambda n: (f" {n.separator} " if n.separator in ("and", "or") else f"{n.separator.strip()} ").join(
        to_text(item) for item in n.items
    ),
    Relation: lambda n: _relation(n, to_text, _plain_joint),
    Where: lambda n: f"{to_text(n.body)} {' '.join(_TEXT_COMMAND.sub(_said, n.condition).split())}",
    Lines: lambda n: "; ".join(to_text(item) for item in n.items),
}
