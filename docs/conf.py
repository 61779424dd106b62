"""Sphinx configuration: MyST pages, furo, an API reference from the docstrings."""

from __future__ import annotations

import mathtune

project = "mathtune"
author = "The mathtune authors"
copyright = "2026, The mathtune authors"  # noqa: A001  (the name that Sphinx reads)
release = version = mathtune.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"mathtune {release}"

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # LaTeX and shell sessions in plain blocks

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_class_signature = "separated"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# The build needs no network, so names of other packages are not looked up; our own must resolve.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!mathtune\.).*"),
    (r"py:.*", r"mathtune\..*\._.*"),  # private modules: public names are documented where they are exported
]
