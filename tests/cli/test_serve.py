"""`mathtune serve` with its options, as a process and its clients see them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import openai
import pytest

from mathtune.cli import main
from mathtune.testing import StubServer

pytestmark = pytest.mark.processes


COMMAND = ("-m", "mathtune")


@contextlib.contextmanager
def serving(directory, *words, start=COMMAND, **environment):
    """Run the command; give its URL and, once it has ended, what it said."""
    pytest.importorskip("uvicorn")
    command = [
        sys.executable,
        *start,
        "serve",
        "--port",
        "0",
        "--directory",
        str(directory),
        *words,
    ]
    settings, said = os.environ | environment, []
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=settings) as process:
        try:
            said.append(process.stdout.readline())
            yield re.search(r"serves (\S+)", said[0])[1], said
            process.terminate()
            said.append(process.stdout.read())
        finally:
            process.kill()


def client_of(url, key="any"):
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0)


def test_keys_come_from_a_file_and_stay_there(tmp_path):
    """Each line of the file lets a client in, nothing else does, and no key is said."""
    (tmp_path / "keys").write_text("sk-one\n\n  sk-two \n")
    with serving(tmp_path / "server", "--key-file", str(tmp_path / "keys")) as (url, said):
        for key in ("sk-one", "sk-two"):
            assert client_of(url, key).models.list().data
        with pytest.raises(openai.AuthenticationError):
            client_of(url, "sk-three").models.list()
    assert "sk-" not in "".join(said)
    assert 'OPENAI_API_KEY="$(head -n 1' in "".join(said)
    for path in (tmp_path / "server").rglob("*"):
        assert path.is_dir() or b"sk-one" not in path.read_bytes()


def test_limits_graders_and_another_server(tmp_path):
    """Limits are held, python graders run where they are switched on, chats go to the other server."""
    grader = {"type": "python", "name": "p", "source": "def grade(sample, item):\n    return 0.5\n"}
    question = {"model": "far", "messages": [{"role": "user", "content": "1+1?"}]}
    with (
        StubServer(chat=lambda *_: "from afar", models=["far"], api_key="sk-far") as stub,
        serving(
            tmp_path,
            *("--requests-per-minute", "1", "--tokens-per-minute", "5000", "--python-graders"),
            *("--generate-with", stub.base_url),
            MATHTUNE_GENERATION_KEY="sk-far",
        ) as (url, said),
    ):
        client = client_of(url)
        response = client.chat.completions.with_raw_response.create(**question)
        assert response.parse().choices[0].message.content == "from afar"
        assert response.headers["x-ratelimit-limit-tokens"] == "5000"
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(**question)
        assert client.fine_tuning.alpha.graders.run(grader=grader, model_sample="x").reward == 0.5
        assert {"far", "mathtune-drills-1m"} <= {model.id for model in client.models.list()}
    assert "chats with the models of http://127.0.0.1:" in "".join(said)
    assert "sk-far" not in "".join(said)


def test_a_job_is_told_in_plain_lines(tmp_path):
    """Where the output is no terminal, what happens to a job is a line each."""
    rows = [{"messages": [{"role": "user", "content": "x"}]}] * 12  # no example has an answer
    with serving(tmp_path) as (url, said):
        client = client_of(url)
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        made = client.files.create(file=("a.jsonl", content), purpose="fine-tune")
        job = client.fine_tuning.jobs.create(model="mathtune-drills-1m", training_file=made.id)
        while client.fine_tuning.jobs.retrieve(job.id).status != "failed":
            pass
    lines = [line for line in "".join(said).splitlines() if line.startswith(job.id)]
    assert len(lines) >= 3
    assert "Created fine-tuning job" in lines[0]


LOGGING = ("-c", "import logging, mathtune.cli; logging.basicConfig(); mathtune.cli.main()")


@pytest.mark.parametrize(("start", "lines"), [(COMMAND, 0), (LOGGING, 1)])
def test_a_broken_form_is_told_to_its_sender(tmp_path, start, lines):
    """A form that cannot be read is a 400, and no line at the server's terminal unless logging was set up."""
    with serving(tmp_path, start=start) as (url, said):
        place = urlsplit(url)
        with contextlib.closing(http.client.HTTPConnection(place.netloc, timeout=30)) as connection:
            form = {"content-type": "multipart/form-data; boundary=x"}
            connection.request("POST", f"{place.path}/files", b"--y\r\n\r\n--y--", form)
            answer = connection.getresponse()
            assert (answer.status, json.load(answer)["error"]["code"]) == (400, "invalid_form")
    assert "".join(said).count("boundary character") == lines


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--key-file", "no/such/file"], "no/such/file"),
        (["--generate-with", "localhost"], "http://HOST:PORT/v1"),
        (["--requests-per-minute", "0"], "--requests-per-minute"),
        (["--tokens-per-minute", "-1"], "--tokens-per-minute"),
    ],
)
def test_wrong_options_are_said_in_a_line(tmp_path, capsys, words, text):
    """What is wrong is named, and nothing is served."""
    assert main(["serve", "--directory", str(tmp_path), *words]) == 1
    captured = capsys.readouterr()
    assert text in captured.err + captured.out
    assert "Traceback" not in captured.err
