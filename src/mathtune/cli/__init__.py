"""The `mathtune` command: words of a shell in, calls of the library out. Each command is a thin face.

Every flag can also be set by an environment variable: `MATHTUNE_CONCURRENCY=4` for `--concurrency 4`.
Keys are taken from the environment only (`OPENAI_API_KEY`, `MATHTUNE_SERVER_KEY`): a flag would show in the
list of processes.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError, Parameter
from cyclopts.config import Env

from mathtune._version import __version__
from mathtune.errors import CostLimitError, DataError, MathtuneError

from ._compare import compare
from ._conformance import conformance
from ._data import data
from ._evaluate import evaluate
from ._format import format_
from ._grade import grade
from ._import import import_
from ._power import power
from ._regrade import regrade
from ._runs import runs
from ._serve import serve
from ._similarity import similarity
from ._tune import cancel, tune

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app", "main"]

WRONG_WORDS = 2
INTERRUPTED = 130  # what shells give for a command that Ctrl-C ended

app = App(
    name="mathtune",
    help="Did fine-tuning make this model better at mathematics, where, and by how much?\n\n"
    "Every flag can be set in the environment too: MATHTUNE_CONCURRENCY=4 stands for --concurrency 4.",
    version=__version__,
    config=Env("MATHTUNE_", command=False),
    result_action="return_value",
    suppress_keyboard_interrupt=False,  # main() passes on what the library says about going on
    default_parameter=Parameter(negative_iterable=(), show_env_var=False),
)
# The sort keys put commands into the order of a study, instead of the alphabet's.
app.command(data)
app.command(format_, name="format", sort_key=1)
app.command(tune, sort_key=2)
app.command(cancel, sort_key=3)
app.command(evaluate, sort_key=4)
app.command(import_, name="import", sort_key=5)
app.command(runs, sort_key=6)
app.command(compare, sort_key=7)
app.command(power, sort_key=8)
app.command(regrade, sort_key=9)
app.command(similarity, sort_key=10)
app.command(grade, sort_key=11)
app.command(serve, sort_key=12)
app.command(conformance, sort_key=13)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0, 1 for an error of ours, 2 for a wrong flag, 130 for Ctrl-C.

    Args:
        words: The command's words; None takes those that the process was started with.

    >>> main(["--version"])
    0.1.0
    0
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning  # type: ignore[assignment]  # it needs no names of arguments
            code = app(words, exit_on_error=False)
    except CycloptsError:  # it has printed what is wrong with the words
        return WRONG_WORDS
    except MathtuneError as error:
        print(f"mathtune: {_in_words_of_a_shell(error, words)}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:  # the output's, or of no file at all
            raise
        print(f"mathtune: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as stopped:  # the library says how to go on
        print(f"mathtune: {str(stopped) or 'stopped'}", file=sys.stderr)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _in_words_of_a_shell(error: MathtuneError, words: Sequence[str] | None) -> str:
    """Give what an error says, with the flag's name where it blames an argument that is a flag."""
    if isinstance(error, CostLimitError):
        return f"--cost-limit: {error}"
    if not isinstance(error, DataError) or error.field is None or error.path or error.line:
        return str(error)
    _chain, apps, _rest = app.parse_commands(words)
    names = {name for one in apps[-1].assemble_argument_collection() for name in one.names}
    flag = error.field if error.field.startswith("--") else f"--{error.field.replace('_', '-')}"
    return f"{flag}: {error.message}" if flag in names else str(error)


def _show_warning(message: Warning | str, *_where: object) -> None:
    """Show a warning in a line, without the place in our code that gave it."""
    print(f"mathtune: warning: {message}", file=sys.stderr)
