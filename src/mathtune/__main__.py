"""`python -m mathtune`: the same as the `mathtune` command."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from mathtune.cli import main

        sys.exit(main())
    except KeyboardInterrupt:  # also while modules are still being imported
        sys.exit(130)
