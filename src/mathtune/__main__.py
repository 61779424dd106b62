"""`python -m mathtune`: the same as the `mathtune` command."""

from __future__ import annotations

import errno
import io
import os
import sys

# Faults of files, not of servers or processes; EINVAL is Windows' word for a reader that is gone.
OUTPUT_REFUSED = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EINVAL, errno.EIO, errno.ENOSPC}
READER_GONE = 141  # what shells give for a command whose reader, such as `head`, has seen enough


def run() -> int:
    """Run the command; Ctrl-C is quiet also while modules are still being imported, and so is `| head`."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal of another encoding may have no ± or ∑
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        from mathtune.cli import main

        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _drop_the_rest()
        return READER_GONE
    except OSError as error:
        if error.errno not in OUTPUT_REFUSED:
            raise
        sys.stderr.write(f"mathtune: cannot write the output: {error.strerror}\n")
        _drop_the_rest()
        return 1
    return code


def _drop_the_rest() -> None:
    """Lead what is still to be flushed at the end nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
