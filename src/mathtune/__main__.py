"""`python -m mathtune`: the same as the `mathtune` command."""

from __future__ import annotations

import sys

from mathtune.cli import main

if __name__ == "__main__":
    sys.exit(main())
