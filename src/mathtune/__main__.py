"""`python -m mathtune`: the same as the `mathtune` command."""

from __future__ import annotations

import os
import sys

READER_GONE = 141  # what shells give for a command whose reader, such as `head`, has seen enough


def run() -> int:
    """Run the command; Ctrl-C is quiet also while modules are still being imported, and so is `| head`."""
    try:
        from mathtune.cli import main

        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed at the end
        return READER_GONE
    return code


if __name__ == "__main__":
    sys.exit(run())
