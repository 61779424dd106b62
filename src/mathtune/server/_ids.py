"""New object ids in the protocol's style: a prefix and random letters and digits."""

from __future__ import annotations

import secrets
import string
from typing import Final

ALPHABET: Final = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Give an id nobody can guess, such as `file-` and 24 letters and digits.

    >>> len(new_id("file-"))
    29
    """
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))
