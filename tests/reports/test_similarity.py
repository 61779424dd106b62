import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI

from mathtune.errors import DataError, ProtocolError
from mathtune.evaluation import Run
from mathtune.reports import Embeddings, TfIdf, similarity_study, similarity_verdict

SOLUTION = (
    "The legs are $3$ and $4$, so by Pythagoras the hypotenuse is $\\sqrt{9+16}=5$, hence $\\boxed{5}$."
)


@pytest.fixture
def judged(make):
    """A run with a response of each kind: alike and right, alike but wrong, right but not alike, neither."""
    texts = [
        SOLUTION,
        SOLUTION.replace("=5$, hence $\\boxed{5}", "=-5$, hence $\\boxed{-5}"),
        "\\boxed{5}",
        "\\boxed{6}",
    ]
    problems = [make.problem(n, answer="5", solution=SOLUTION) for n in range(4)]
    return Run(model="m", results=[make.result(p, t) for p, t in zip(problems, texts, strict=True)])


@contextmanager
def embedding_server(vector):
    """A server of the protocol's embeddings, in reverse order; `vector` gives that of a text."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            data = [
                {"object": "embedding", "index": index, "embedding": vector(text)}
                for index, text in enumerate(body["input"])
            ]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            answer = {"object": "list", "data": data[::-1], "model": body["model"], "usage": usage}
            payload = json.dumps(answer).encode()
            self.send_response(200 if self.path == "/v1/embeddings" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *args):
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield (
            OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="any", max_retries=0),
            asked,
        )
    finally:
        server.shutdown()
        server.server_close()


def test_both_measures_are_counted_side_by_side(judged):
    """A wrong sign is similar; a bare right answer is not: a quarter each way, and the study says so."""
    (study,) = similarity_study(judged)
    assert study.share(similar=True, right=True) == 0.25
    assert study.share(similar=True, right=False) == 0.25
    assert study.share(similar=False, right=True) == 0.25
    assert study.share(similar=False, right=False) == 0.25
    assert "50.0 % similar at 0.85 (cosine of TF-IDF vectors (offline" in str(study)
    assert "Similar but wrong: 25.0 %; right but not similar: 25.0 %." in str(study)


def test_the_best_threshold_agrees_most(judged):
    """No other threshold agrees with the verdicts on more responses; "never right" is one of the choices."""
    (study,) = similarity_study(judged)
    best = study.agreement(study.best_threshold)
    assert best >= max(study.agreement(step / 100) for step in range(102))
    wrong_only = attrs.evolve(study, likenesses=[one for one in study.likenesses if not one.result.correct])
    assert wrong_only.agreement(wrong_only.best_threshold) == 1.0


def test_two_models_can_change_places(judged):
    """By similarity one model may gain what by equality it loses, and the verdict says both."""
    base, tuned = similarity_study(
        attrs.evolve(judged, model="base", results=judged.results[2:3]),
        attrs.evolve(judged, model="tuned", results=judged.results[1:2]),
    )
    assert similarity_verdict(base, tuned) == (
        "tuned against base: +100.0 points by similarity, -100.0 points by equality of answers."
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_tf_idf_is_a_cosine(one, other):
    """It lies between 0 and 1, does not depend on the order, and is 1 for the same words."""
    there, back, same = TfIdf().of([(one, other), (other, one), (one, one)])
    assert 0 <= there <= 1 + 1e-9
    assert there == pytest.approx(back)
    assert same == pytest.approx(1.0 if any(not c.isspace() for c in one) else 0.0)


def test_embeddings_come_from_the_server_once_for_each_text(judged):
    """Every distinct text is asked for once, answers are matched by index, and the cosine is taken."""
    with embedding_server(lambda text: [1.0, 0.0] if "Pythagoras" in text else [3.0, 4.0]) as (client, asked):
        (study,) = similarity_study(judged, similarity=Embeddings("embedder", client))
    assert [likeness.similarity for likeness in study.likenesses] == pytest.approx([1, 1, 0.6, 0.6])
    assert sum(len(body["input"]) for body in asked) == 4
    assert {body["model"] for body in asked} == {"embedder"}
    assert "cosine of embeddings by embedder" in str(study)


def test_many_texts_are_asked_for_in_parts():
    """No request holds more texts than servers take."""
    pairs = [(f"text {n}", f"other {n}") for n in range(150)]
    with embedding_server(lambda text: [float(len(text)), 1.0]) as (client, asked):
        found = Embeddings("embedder", client).of(pairs)
    assert len(found) == 150
    assert max(len(body["input"]) for body in asked) <= 128


def test_an_unreachable_server_is_our_error():
    """A server that is not there is an error of our tree."""
    client = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="any", max_retries=0)
    with pytest.raises(ProtocolError, match="could not get embeddings"):
        Embeddings("embedder", client).of([("a", "b")])


def test_problems_need_solutions(base):
    """Without reference solutions there is nothing to be similar to."""
    with pytest.raises(DataError, match="90 of 90 have none, the first is 'p0'"):
        similarity_study(base)
