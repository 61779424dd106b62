"""Names of LaTeX mathematics and the characters that show them. Data only."""
# ruff: noqa: RUF001  (the characters are chosen for their look)

from __future__ import annotations

__all__ = [
    "ACCENTS",
    "BLACKBOARD",
    "DELIMITERS",
    "ENVIRONMENTS",
    "FUNCTIONS",
    "IGNORED",
    "INTEGRALS",
    "LETTERS",
    "LIMITS",
    "OPERATORS",
    "SIZES",
    "SPACES",
    "STYLES",
    "TEXTS",
    "UNDER",
]


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# Shown as identifiers.
LETTERS = _pairs(
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa "
    "κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ "
    "phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ "
    "Phi Φ Psi Ψ Omega Ω infty ∞ ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ partial ∂ nabla ∇ "
    "emptyset ∅ varnothing ∅ degree ° angle ∠ measuredangle ∡ triangle △ square □ Box □ top ⊤ bot ⊥ wp "
    "℘ prime ′ dagger † ddagger ‡ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ pounds £ checkmark ✓ "
    "blacksquare ■ bigstar ★ Diamond ◇ odot ⊙ bullet • ldots … dots … dotsc … cdots ⋯ dotsb ⋯ dotsm ⋯ "
    "vdots ⋮ ddots ⋱"
)

# Shown as operators.
OPERATORS = _pairs(
    "cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ oplus ⊕ ominus ⊖ otimes ⊗ cup ∪ cap ∩ setminus "
    "∖ smallsetminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ neg ¬ lnot ¬ eq = ne ≠ neq ≠ lt < gt > le ≤ leq ≤ ge "
    "≥ geq ≥ leqslant ≤ geqslant ≥ ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ in ∈ notin "
    "∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ subsetneq ⊊ to → rightarrow → leftarrow ← gets ← "
    "leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ "
    "longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ "
    "uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘ rightharpoonup ⇀ rightleftharpoons ⇌ hookrightarrow ↪ "
    "forall ∀ exists ∃ nexists ∄ mid ∣ nmid ∤ parallel ∥ nparallel ∦ perp ⊥ therefore ∴ because ∵ colon "
    ": surd √ vdash ⊢ models ⊨ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳ asymp ≍ doteq ≐ "
    "triangleq ≜ bowtie ⋈ smile ⌣ frown ⌢ amalg ⨿ bigcirc ◯ diamond ⋄ trianglelefteq ⊴ unlhd ⊴ rhd ⊳ "
    "lhd ⊲ upharpoonright ↾ restriction ↾ bmod mod mod mod Join ⋈ bigtriangleup △"
) | {"%": "%", "$": "$", "#": "#", "&": "&", "_": "_", "{": "{", "}": "}", "|": "‖", "-": "", "/": ""}

# Fences, also after \left, \right, \middle and \big.
DELIMITERS = _pairs(
    "( ( ) ) [ [ ] ] / / | | < ⟨ > ⟩ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert "
    "| vert | lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace } lbrack [ rbrack ] backslash \\ lgroup ( rgroup ) "
    "ulcorner ⌜ urcorner ⌝ uparrow ↑ downarrow ↓"
) | {"{": "{", "}": "}", "\\|": "‖", ".": ""}

# Written upright; limits go to the corner.
FUNCTIONS = frozenset(
    [
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
        "arccot",
        "arcsec",
        "arccsc",
        "ln",
        "log",
        "lg",
        "exp",
        "arg",
        "deg",
        "dim",
        "ker",
        "hom",
        "sgn",
        "tr",
        "rank",
        "lcm",
    ]
)

# Limits go above and below in a display.
LIMITS = _pairs(
    "sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigsqcup ⨆ lim "
    "lim max max min min sup sup inf inf gcd gcd det det Pr Pr limsup limsup liminf liminf"
)
INTEGRALS = _pairs("int ∫ iint ∬ iiint ∭ oint ∮")

ACCENTS = {
    "bar": "‾", "overline": "‾", "hat": "^", "widehat": "^", "tilde": "~", "widetilde": "~", "vec": "→",
    "overrightarrow": "→", "overleftarrow": "←", "overleftrightarrow": "↔", "dot": "˙", "ddot": "¨",
    "acute": "´", "grave": "`", "check": "ˇ", "breve": "˘", "overbrace": "⏞", "overarc": "⌢",
    "wideparen": "⌢",
}  # fmt: skip
UNDER = {"underline": "_", "underbrace": "⏟", "underbar": "_"}

TEXTS = frozenset(
    [
        "text",
        "textbf",
        "textit",
        "textrm",
        "textnormal",
        "texttt",
        "textsf",
        "textsc",
        "textup",
        "textsl",
        "mbox",
        "hbox",
        "emph",
        "mathrm",
        "mathsf",
        "mathtt",
        "operatorname",
        "operatorname*",
        "mathop",
    ]
)

# Commands that show their argument in another style: the name of a class in the page's style sheet.
STYLES = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "pmb": "bold", "mathit": "", "mathcal": "script",
    "mathscr": "script", "mathfrak": "", "mathnormal": "", "ensuremath": "", "boxed": "boxed",
    "fbox": "boxed", "framebox": "boxed", "cancel": "cancelled", "bcancel": "cancelled",
    "xcancel": "cancelled", "sout": "cancelled", "mathbin": "", "mathrel": "", "mathord": "", "smash": "",
    "phantom": "unseen", "hphantom": "unseen", "vphantom": "unseen",
}  # fmt: skip

BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)) | {
    chr(code): chr(0x1D538 + code - ord("A"))
    for code in range(ord("A"), ord("Z") + 1)
    if chr(code) not in "CHNPQRZ"
}

SPACES = {
    ",": "0.17em", ":": "0.22em", ">": "0.22em", ";": "0.28em", " ": "0.33em", "~": "0.33em", "!": "0",
    "quad": "1em", "qquad": "2em", "enspace": "0.5em", "thinspace": "0.17em", "medspace": "0.22em",
    "thickspace": "0.28em", "hfill": "1em",
}  # fmt: skip

# Commands that change nothing that matters here.
IGNORED = frozenset(
    [
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "scriptscriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "noindent",
        "hline",
        "rm",
        "bf",
        "it",
        "sf",
        "tt",
        "cal",
        "large",
        "Large",
        "small",
        "normalsize",
        "tiny",
        "footnotesize",
        "huge",
        "Huge",
        "centering",
        "allowbreak",
        "nobreak",
        "strut",
        "null",
        "relax",
        "protect",
        "par",
        "newline",
    ]
)

# Commands that only make a fence larger.
SIZES = frozenset(f"{name}{side}" for name in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))

# Environments: the fences around their table.
ENVIRONMENTS = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "cases": ("{", ""),
    "dcases": ("{", ""), "rcases": ("", "}"), "array": ("", ""), "tabular": ("", ""), "aligned": ("", ""),
    "align": ("", ""), "align*": ("", ""), "alignat": ("", ""), "alignat*": ("", ""), "alignedat": ("", ""),
    "gather": ("", ""), "gather*": ("", ""), "gathered": ("", ""), "split": ("", ""), "equation": ("", ""),
    "equation*": ("", ""), "eqnarray": ("", ""), "eqnarray*": ("", ""), "multline": ("", ""),
    "multline*": ("", ""), "flalign": ("", ""), "flalign*": ("", ""),
}  # fmt: skip
