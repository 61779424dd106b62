"""mathtune: did fine-tuning make this model better at mathematics, where, and by how much?"""

from __future__ import annotations

from mathtune.errors import MathtuneError

__version__ = "0.1.0"
__all__ = ["MathtuneError", "__version__"]
