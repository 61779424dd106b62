"""Names that the lexer knows: commands, functions, relations, Unicode signs. Data only."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

SPACES = frozenset(
    [",", ";", ":", "!", ">", " ", "quad", "qquad", "thinspace", "medspace", "thickspace", "enspace",
     "hfill", "n", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "noindent",
     "indent", "newline", "hspace*", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl",
     "bigr", "Bigr", "biggr", "Biggr", "bigm", "Bigm", "biggm", "Biggm", "middle", "mathstrut",
     "strut", "par", "null", "allowbreak", "/", "-", "large", "Large", "small", "normalsize",
     "centering", "hline", "nonumber", "notag", "unboldmath", "boldmath", "bf", "rm", "it", "sf",
     "tt", "cal", "em", "tiny", "footnotesize", "huge", "Huge", "LARGE", "qed", "qedhere", "checkmark"]
)  # fmt: skip

# Commands whose argument is dropped.
DROPPED = frozenset(
    ["hspace", "vspace", "label", "tag", "phantom", "hphantom", "vphantom", "color", "textcolor",
     "ref", "href"]
)  # fmt: skip

# Commands that show their argument as it is.
TRANSPARENT = frozenset(
    ["boxed", "fbox", "mathbf", "boldsymbol", "bm", "pmb", "mathit", "mathcal", "mathscr", "mathfrak",
     "mathsf", "num", "ensuremath", "underline", "mathop", "mathbin", "mathrel", "mathord", "smash",
     "framebox", "cancel", "mathtt", "displaylines", "mbox*", "mathpunct", "mathinner", "colorbox",
     "xcancel", "bold", "emph*", "Large*",
     # the colours of Khan Academy's KaTeX: `\\blueD{7}`
     *(f"{colour}{shade}" for colour in ("blue", "teal", "green", "gold", "red", "maroon", "purple", "pink")
       for shade in "ABCDE")]
)  # fmt: skip

TEXTS = frozenset(
    ["text", "mbox", "textbf", "textit", "textrm", "textnormal", "textsf", "texttt", "hbox", "textsc",
     "emph", "mathrm", "operatorname", "operatorname*", "rm", "textup", "textsl", "underbar",
     "mathnormal", "unit", "si"]
)  # fmt: skip

ACCENTS = frozenset(
    ["ket", "vec", "bar", "hat", "tilde", "overline", "overrightarrow", "widehat", "widetilde", "dot",
     "ddot", "mathbb", "underbrace", "overbrace", "overleftarrow", "overset", "overleftrightarrow",
     "overarc", "overparen", "wideparen", "Bbb", "mathds", "mathbbm"]
)  # fmt: skip

# What school and first-year mathematics call by name.
_ELEMENTARY = (
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch",
    "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc", "arcsinh", "arccosh", "arctanh",
    "arccoth", "arcsech", "arccsch", "ln", "log", "lg", "exp",
)  # fmt: skip

_OTHER_FUNCTIONS = (
    "max", "min", "gcd", "lcm", "arg", "deg", "det", "dim", "ker", "Re", "Im", "sgn", "erf", "erfc", "sup",
    "inf", "rank", "tr", "floor", "ceil", "round", "abs", "sqrt", "nPr",
)  # fmt: skip

FUNCTIONS = {name: name for name in (*_ELEMENTARY, *_OTHER_FUNCTIONS)}
FUNCTIONS.update(
    {
        "asin": "arcsin", "acos": "arccos", "atan": "arctan", "acot": "arccot", "asec": "arcsec",
        "acsc": "arccsc",
        "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "acoth": "arccoth", "asech": "arcsech",
        "acsch": "arccsch", "arsinh": "arcsinh", "arcosh": "arccosh", "artanh": "arctanh", "arcsh": "arcsinh",
        "arcch": "arccosh", "arcth": "arctanh", "tg": "tan", "ctg": "cot", "ctan": "cot", "cosec": "csc",
        "arctg": "arctan", "arcctg": "arccot", "sh": "sinh", "ch": "cosh", "th": "tanh", "sign": "sgn",
        "ceiling": "ceil", "trace": "tr", "cuberoot": "cbrt", "hcf": "gcd", "HCF": "gcd", "GCD": "gcd",
        "LCM": "lcm", "sen": "sin",
        "cbrt": "cbrt", "nthroot": "root", "root": "root", "binomial": "binom", "binom": "binom",
        "choose": "binom", "nCr": "binom", "comb": "binom",
        "factorial": "factorial", "gamma": "Gamma", "Gamma": "Gamma", "erfi": "erfi", "Li": "Li", "Ei": "Ei",
        "ei": "Ei", "Si": "Si", "Ci": "Ci", "Ai": "Ai", "Bi": "Bi", "airyai": "Ai", "airybi": "Bi",
        "zeta": "zeta",
        "beta": "Beta", "Beta": "Beta", "besselj": "J", "bessely": "Y", "besseli": "I", "besselk": "K",
        "real": "Re",
        "imag": "Im", "re": "Re", "im": "Im", "mod": "mod", "fract": "frac", "expo": "exp", "psi": "psi",
        "digamma": "psi", "polylog": "polylog", "Log": "Log", "Ln": "ln", "Arg": "arg", "Arctan": "arctan",
        "Arcsin": "arcsin", "Arccos": "arccos", "conj": "conj", "matrix": "matrix", "perm": "nPr",
        "integrate": "int", "int": "int", "sum": "sum", "product": "product", "diff": "diff",
        "limit": "limit",
        "heaviside": "step", "Heaviside": "step", "UnitStep": "step", "unitstep": "step",
        "oo": "oo", "oc": "oc", "co": "co", "cc": "cc", "union": "union", "intersection": "intersection",
        "lambertw": "W", "LambertW": "W", "sinc": "sinc", "cis": "cis", "logarithm": "log", "vec": "vec",
        "conjugate": "conj", "Abs": "abs", "Max": "max", "Min": "min", "Derivative": "diff",
        "realpart": "Re", "imagpart": "Im", "signum": "sgn", "determinant": "det", "transpose": "transpose",
    }
)  # fmt: skip

# Letters that name a function when an opening parenthesis follows, in plain text or after \operatorname only.
CALLED_ONLY = frozenset(
    ["gamma", "Gamma", "zeta", "beta", "Beta", "psi", "re", "im", "Re", "Im", "real", "imag", "oo",
     "oc", "co", "cc", "int", "sum", "product", "diff", "limit", "union", "intersection", "matrix",
     "mod", "root", "deg", "dim", "ker", "inf", "sup", "arg", "tr", "rank", "sh", "ch", "th", "Li",
     "Ei", "Si", "Ci", "Ai", "Bi", "ei", "round", "abs", "vec", "choose", "comb", "perm", "conj",
     "heaviside", "Heaviside", "UnitStep", "unitstep",
     "sign", "real", "binom", "nPr", "nCr", "sgn", "realpart", "imagpart", "signum", "determinant",
     "transpose"]
)  # fmt: skip

# Names that build something when a parenthesis follows, by the name of the rule in `_constructors`.
CONSTRUCTORS = {
    "Rational": "Rational", "Fraction": "Rational", "frac": "Rational", "dfrac": "Rational",
    "Interval": "Interval", "FiniteSet": "FiniteSet", "Union": "Union", "Intersection": "Intersection",
    "Complement": "Complement", "Piecewise": "Piecewise", "Matrix": "Matrix", "array": "Matrix",
    "Tuple": "Tuple", "Point": "Tuple", "tuple": "Tuple", "ntuple": "Tuple", "vector": "Tuple",
    "rowvector": "Tuple", "list": "Tuple", "set": "FiniteSet", "pow": "Pow", "Pow": "Pow",
    "power": "Pow", "complex": "complex",
    "Eq": "Eq", "Add": "Add", "Mul": "Mul", "Integer": "Integer", "And": "And", "Or": "Or",
    "Limit": "limit",
    "Sum": "sum", "Product": "product", "Integral": "int",
    **{name: name for name in (
        "Ne", "Lt", "Le", "Gt", "Ge", "realset", "setdifference", "stackunits", "trunc", "atan2", "degrees",
        "radians", "ident", "diag", "invert", "cardinality", "mean",
        "median",
    )},
    **dict.fromkeys((
        "expand", "simplify", "factor", "ratsimp", "fullratsimp", "radcan", "trigsimp", "nsimplify",
        "ratexpand", "trigexpand", "logcontract", "partfrac", "apart", "together",
    ), "itself"),
    "truncate": "trunc", "fact": "factorial", "arctan2": "atan2", "cabs": "abs", "carg": "arg",
    "identity": "ident", "eye": "ident", "diag_matrix": "diag", "inv": "invert", "inverse": "invert",
    "mattrace": "tr", "noundiff": "diff", "nounint": "int", "nounlimit": "limit",
}  # fmt: skip

# Functions whose command may stand before a bare argument (`\sin 2x`).
BARE = frozenset(
    [
        *_ELEMENTARY,
        "arg",
        "Re",
        "Im",
        "erf",
        "erfc",
        "sgn",
        "sqrt",
        "det",
        "max",
        "min",
        "gcd",
        "lcm",
        "Log",
        "deg",
        "erfi",
        "cis",
    ]
)

CONSTANTS = {
    "infin": "infty",
    "uppi": "pi",
    "pi": "pi",
    "Pi": "pi",
    "Infinity": "infty",
    "infinity": "infty",
    "infty": "infty",
    "inf": "infty",
    "Inf": "infty",
    "INF": "infty",
    "oo": "infty",
}

GREEK = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta",
     "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "rho", "varrho", "sigma", "varsigma",
     "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda",
     "Xi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "hbar"]
)  # fmt: skip

RELATIONS = {
    "=": "=", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", ":=": "=", "=>": "⇒", "->": "→",
    "lt": "<", "gt": ">", "le": "≤", "leq": "≤", "leqslant": "≤", "leqq": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "geqq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "thickapprox": "≈", "simeq": "≈",
    "approxeq": "≈", "doteq": "≈", "sim": "∼", "equiv": "≡", "cong": "≅", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "to": "→", "rightarrow": "→",
    "mapsto": "→",
    "longrightarrow": "→", "implies": "⇒", "Rightarrow": "⇒", "Longrightarrow": "⇒", "iff": "⇔",
    "Leftrightarrow": "⇔", "Longleftrightarrow": "⇔", "mid": "∣", "parallel": "∥", "perp": "⊥", "propto": "∝",
    "coloneqq": "=", "triangleq": "=", "ll": "≪", "gg": "≫", "sim=": "≈", "nmid": "∤", "prec": "≺",
    "succ": "≻",
    "leadsto": "⇒", "nsubseteq": "⊈", "nsubset": "⊄", "not∈": "∉", "not=": "≠", "#": "≠", "~=": "≈",
    "asymp": "∼",
    "therefore": "⇒", "because": "⇐", "rightleftharpoons": "⇔", "leftrightarrow": "⇔", "models": "⊨",
    "vdash": "⊢",
    "subsetneq": "⊊", "notni": "∌", "nsupset": "⊅", "not": "≠",
    "nless": "≥", "nleq": ">", "ngeq": "<", "ngtr": "≤",
    "nleqslant": ">", "ngeqslant": "<", "nmodels": "⊭",
}  # fmt: skip

OPERATORS = {
    "cdot": "*", "times": "×", "ast": "*", "div": "÷", "cup": "∪", "cap": "∩", "setminus": "∖",
    "backslash": "∖",
    "bigcup": "∪", "bigcap": "∩", "cupdot": "∪", "sqcup": "∪", "uplus": "∪", "bullet": "*", "star": "⋆",
    "otimes": "⊗", "oplus": "⊕", "circ": "∘",
    "pm": "±", "mp": "∓", "bmod": "mod", "mod": "mod", "pmod": "mod", "pod": "mod", "smallsetminus": "∖",
    "cdotp": "*", "centerdot": "*",
    "divisionsymbol": "÷", "textdiv": "÷", "texttimes": "×",
}  # fmt: skip

# One sign for one sign; the right side is lexed in its place.
UNICODE = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "＋": "+", "×": "\\times ",
    "÷": "\\div ",
    "·": "\\cdot ", "⋅": "\\cdot ", "∙": "\\cdot ", "•": "\\cdot ", "∗": "*", "＊": "*", "⁄": "/", "∕": "/",
    "／": "/",
    "≤": "\\le ", "⩽": "\\le ", "≦": "\\le ", "≥": "\\ge ", "⩾": "\\ge ", "≧": "\\ge ", "≠": "\\ne ",
    "≈": "\\approx ",
    "≡": "\\equiv ", "∼": "\\sim ", "＝": "=", "＜": "<", "＞": ">", "π": "\\pi ", "𝜋": "\\pi ", "Π": "\\Pi ",
    "∞": "\\infty ", "∪": "\\cup ", "∩": "\\cap ", "∈": "\\in ", "∉": "\\notin ", "∋": "\\ni ",
    "∅": "\\emptyset ",
    "⊂": "\\subset ", "⊆": "\\subseteq ", "⊃": "\\supset ", "⊇": "\\supseteq ", "∖": "\\setminus ",
    "→": "\\to ",
    "⇒": "\\implies ", "⇔": "\\iff ", "⟹": "\\implies ", "⟺": "\\iff ", "±": "\\pm ", "∓": "\\mp ",
    "√": "\\sqrt ",
    "°": "^\\circ ", "º": "^\\circ ", "˚": "^\\circ ", "′": "'", "’": "'", "‘": "'", "″": "''",
    "∠": "\\angle ",
    "△": "\\triangle ", "∆": "\\Delta ", "…": "\\ldots ", "⋯": "\\cdots ", "ℝ": "\\mathbb{R}",
    "ℤ": "\\mathbb{Z}",
    "ℕ": "\\mathbb{N}", "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}", "∀": "\\forall ", "∃": "\\exists ",
    "∫": "\\int ",
    "∑": "\\sum ", "∏": "\\prod ", "∂": "\\partial ", "∇": "\\nabla ", "∥": "\\parallel ", "⊥": "\\perp ",
    "‖": "\\|",
    "∣": "\\mid ", "｜": "|", "（": "(", "）": ")", "［": "[", "］": "]", "｛": "\\{", "｝": "\\}", "，": ",",
    "、": ",", "又": " ",
    "；": ";", "：": ":", "∶": ":", "。": ".", "．": ".", "％": "%", "！": "!",
    "∧": "\\land ", "∨": "\\lor ", "¬": "\\neg ",
    "⌊": "\\lfloor ", "⌋": "\\rfloor ", "⌈": "\\lceil ", "⌉": "\\rceil ", "⟨": "\\langle ", "⟩": "\\rangle ",
    "½": "\\frac12 ", "⅓": "\\frac13 ", "⅔": "\\frac23 ", "¼": "\\frac14 ", "¾": "\\frac34 ",
    "⅕": "\\frac15 ",
    "⅛": "\\frac18 ", "⅜": "\\frac38 ", "⅝": "\\frac58 ", "⅞": "\\frac78 ", "⅙": "\\frac16 ",
    "⅚": "\\frac56 ",
    "∛": "\\sqrt[3]", "∜": "\\sqrt[4]", "ℓ": "\\ell ", "ℏ": "\\hbar ", "ħ": "\\hbar ", "∝": "\\propto ",
    "≪": "\\ll ", "≫": "\\gg ",
    "α": "\\alpha ", "β": "\\beta ", "γ": "\\gamma ", "δ": "\\delta ", "ε": "\\epsilon ", "ϵ": "\\epsilon ",
    "ζ": "\\zeta ", "η": "\\eta ", "θ": "\\theta ", "ϑ": "\\vartheta ", "κ": "\\kappa ", "λ": "\\lambda ",
    "μ": "\\mu ",
    "µ": "\\mu ", "ν": "\\nu ", "ξ": "\\xi ", "ρ": "\\rho ", "σ": "\\sigma ", "τ": "\\tau ", "φ": "\\phi ",
    "ϕ": "\\phi ", "χ": "\\chi ", "ψ": "\\psi ", "ω": "\\omega ", "Γ": "\\Gamma ", "Δ": "\\Delta ",
    "Θ": "\\Theta ",
    "Λ": "\\Lambda ", "Ξ": "\\Xi ", "Σ": "\\Sigma ", "Φ": "\\Phi ", "Ψ": "\\Psi ", "Ω": "\\Omega ",
    "Ø": "\\emptyset ",
    "⌀": "\\emptyset ", "”": '"', "∌": "\\notni ",
    "⊄": "\\nsubset ", "⊅": "\\nsupset ", "⊈": "\\nsubseteq ", "∘": "\\circ ",
    "≅": "\\cong ",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\u200a": " ", "\u3000": " ",
    "\u200b": "", "\u2061": "", "\u2062": "", "\u2063": ",", "\ufeff": "", "\u200e": "", "\u200f": "",
}  # fmt: skip
UNICODE.update({chr(0xFF10 + digit): str(digit) for digit in range(10)})
UNICODE.update({chr(0x0660 + digit): str(digit) for digit in range(10)})
UNICODE.update({chr(0x0966 + digit): str(digit) for digit in range(10)})

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵃᵇᶜᵈᵉᵏᵐᵖᵗˣʸᵀ", "0123456789+-()niabcdekmptxyT", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₒₓₙₖₘₚₜᵢⱼ", "0123456789+-()aeoxnkmptij", strict=True))

OPENING = {
    "(": "(", "[": "[", "\\{": "{", "lbrace": "{", "lfloor": "⌊", "lceil": "⌈", "langle": "⟨", "lvert": "|",
    "lVert": "‖", "lbrack": "[", "lparen": "(", "ulcorner": "⌈", "{": "{",
}  # fmt: skip
CLOSING = {
    ")": ")", "]": "]", "\\}": "}", "rbrace": "}", "rfloor": "⌋", "rceil": "⌉", "rangle": "⟩", "rvert": "|",
    "rVert": "‖", "rbrack": "]", "rparen": ")", "urcorner": "⌉", "}": "}",
}  # fmt: skip

# Words that part items, and words after which a condition stands.
SEPARATORS = {
    "and": "and", "or": "or", "&": "and", "nounor": "or", "nounand": "and", "oder": "or", "und": "and",
    "ou": "or", "или": "or", "ó": "or", "и": "and",
}  # fmt: skip
# Words that may be letters elsewhere: only in a text command, between blanks.
SEPARATORS_IN_TEXT = {"o": "or", "et": "and", "y": "and"}
CONDITIONS = frozenset(
    ["for", "where", "when", "if", "with", "whenever", "such", "given", "as", "provided", "otherwise"]
)  # fmt: skip

MATRICES = frozenset(
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array"]
)  # fmt: skip
LAYOUTS = frozenset(
    ["align", "align*", "aligned", "gather", "gather*", "gathered", "split", "equation", "equation*",
     "eqnarray", "eqnarray*", "multline", "multline*", "alignat", "alignat*", "math", "displaymath",
     "center", "flalign"]
)  # fmt: skip
