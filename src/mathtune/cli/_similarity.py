"""`mathtune similarity`: likeness of texts beside equality of answers, on the same responses."""

from __future__ import annotations

from pathlib import Path

from mathtune.client import connect
from mathtune.evaluation import load_run
from mathtune.reports import Embeddings, TfIdf, similarity_study, similarity_verdict

from ._recipes import folders_of_runs

__all__ = ["similarity"]


def similarity(
    run: Path,
    /,
    *others: Path,
    threshold: float = 0.85,
    embeddings: str | None = None,
    base_url: str | None = None,
) -> None:
    """Show how far the likeness of responses to reference solutions misleads about right and wrong.

    Args:
        run: The folder of a run on problems that have solutions, as `mathtune evaluate` prints it.
        others: The folders of other runs, each told beside the first.
        threshold: The likeness from which a study would have called a response right.
        embeddings: The server's embedding model; without one the words are compared (TF-IDF), offline.
        base_url: With --embeddings: the server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    measure = TfIdf() if embeddings is None else Embeddings(embeddings, connect(base_url))
    runs = [load_run(folder) for folder in folders_of_runs((run, *others))]
    studies = similarity_study(*runs, similarity=measure, threshold=threshold)
    print(*studies, sep="\n")
    for study in studies[1:]:
        print(similarity_verdict(studies[0], study))
