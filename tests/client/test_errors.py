from __future__ import annotations

import traceback

import openai
import pytest

from mathtune.client import retry_after, translated
from mathtune.errors import (
    AuthenticationError,
    ModelNotFoundError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestRefusedError,
    TrainingClosedError,
    UnreachableError,
)
from mathtune.testing import Fault, StubServer

KEY = "my-very-own-key-0123456789"


def provoke(fault, *, at_openai=False, model="gpt-3.5-turbo", **options):
    """Ask for a job against one fault and give the translated error; `at_openai` pretends the host."""
    with StubServer(faults=[fault]) as server:
        client = server.client(api_key=KEY, max_retries=0, **options)
        if at_openai:  # the name is only in the request's address; the connection goes to the stub
            port = server.base_url.split(":")[2].split("/")[0]
            client = server.client(
                api_key=KEY,
                max_retries=0,
                base_url="http://api.openai.com/v1",
                http_client=openai.DefaultHttpxClient(proxy=f"http://127.0.0.1:{port}"),
            )
        with pytest.raises(ProtocolError) as caught, translated("start the job"):
            client.fine_tuning.jobs.create(model=model, training_file="file-1")
        return caught.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, None, RequestRefusedError),
        (401, "invalid_api_key", AuthenticationError),
        (403, None, AuthenticationError),
        (403, "training_not_available", TrainingClosedError),
        (403, "model_not_found", ModelNotFoundError),
        (404, "model_not_found", ModelNotFoundError),
        (400, "model_not_available", ModelNotFoundError),
        (404, None, RequestRefusedError),
        (408, None, ProtocolError),
        (409, None, RequestRefusedError),
        (422, None, RequestRefusedError),
        (429, "rate_limit_exceeded", RateLimitError),
        (429, "insufficient_quota", QuotaExceededError),
        (500, None, ProtocolError),
        (503, None, ProtocolError),
    ],
)
def test_each_answer_has_its_class(status, code, kind):
    """Status and code choose the class; status, code, body and the server's sentence are kept."""
    error = provoke(Fault(on="create_job", status=status, code=code, message="no such thing"))
    assert type(error) is kind
    assert (error.status, error.code) == (status, code)
    assert error.body["message"] == "no such thing"
    assert error.request_id.startswith("req-")
    assert str(error).startswith("could not start the job: ")
    assert f"[HTTP {status}: no such thing]" in str(error)


def test_a_wrong_key_names_the_variable():
    """401 says which variable to set."""
    assert "OPENAI_API_KEY" in str(provoke(Fault(on="create_job", status=401)))


def test_a_closed_platform_names_dates_and_ways_out():
    """403 training_not_available at OpenAI names the last day and what else there is."""
    fault = Fault(on="*", status=403, code="training_not_available")
    message = str(provoke(fault, at_openai=True))
    assert "2027-01-06" in message
    assert "base_url" in message
    assert "mathtune serve" in message


def test_a_closed_platform_elsewhere_is_not_given_openais_dates():
    """The same refusal by another server says nothing of OpenAI."""
    message = str(provoke(Fault(on="create_job", status=403, code="training_not_available")))
    assert "2027" not in message
    assert "127.0.0.1" in message


def test_a_model_that_openai_switched_off_has_its_date():
    """gpt-3.5-turbo at OpenAI is gone since 2026-10-23, and the error says so."""
    error = provoke(Fault(on="*", status=404, code="model_not_found"), at_openai=True)
    assert type(error) is ModelNotFoundError
    assert "'gpt-3.5-turbo'" in str(error)
    assert "2026-10-23" in str(error)


def test_a_model_that_another_server_lacks_has_no_date():
    """At another server the error names the server, the model and how to list."""
    message = str(provoke(Fault(on="create_job", status=404, code="model_not_found")))
    assert "127.0.0.1 does not offer 'gpt-3.5-turbo'" in message
    assert "models.list()" in message


def test_a_wrong_base_url_is_suspected():
    """A 404 that is no error of the protocol points at base_url."""
    with StubServer() as server:
        client = server.client(base_url=server.base_url.removesuffix("/v1") + "/api", max_retries=0)
        with pytest.raises(RequestRefusedError), translated("list the models"):
            client.models.list()


def test_an_address_that_lacks_the_version_is_suspected_rather_than_the_model():
    """Without /v1 a server answers that it knows no such URL; the model and its name are not blamed."""
    with StubServer() as server:
        client = server.client(base_url=server.base_url.removesuffix("/v1") + "/api", max_retries=0)
        message = [{"role": "user", "content": "1+1?"}]
        for ask in (
            lambda: client.models.retrieve("my-model"),
            lambda: client.chat.completions.create(model="my-model", messages=message),
        ):
            with pytest.raises(RequestRefusedError, match="usually ends in /v1") as caught, translated("ask"):
                ask()
            assert not isinstance(caught.value, ModelNotFoundError)


def test_nobody_there_is_unreachable():
    """A refused connection and a time-out are UnreachableError, and the address is named."""
    with StubServer() as server:
        client = server.client(max_retries=0)
    with (
        pytest.raises(UnreachableError, match=r"no answer from http://127\.0\.0\.1") as caught,
        translated("ask"),
    ):
        client.models.list()
    assert caught.value.status is None
    slow = provoke(Fault(on="create_job", delay=0.6), timeout=0.05)
    assert type(slow) is UnreachableError
    assert "may still have acted" in str(slow)


def test_retry_after_is_read():
    """The seconds to wait come from the header; without one there is None."""
    assert retry_after(provoke(Fault(on="create_job", status=429, retry_after=7.5))) == 7.5
    assert retry_after(provoke(Fault(on="create_job", status=429))) is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_a_key_that_the_server_repeats_is_cut_out(status):
    """A server that echoes the key puts it into no message, body, repr or printed traceback."""
    fault = Fault(on="create_job", status=status, message=f"Bearer {KEY} is wrong, so is sk-abcdefgh12345678")
    error = provoke(fault)
    printed = "".join(traceback.format_exception(error))
    for text in (str(error), repr(error), repr(error.body), printed):
        assert KEY not in text
        assert "sk-abcdefgh" not in text
    assert "[key]" in str(error)


def test_other_errors_pass():
    """What is not openai's is not touched."""
    with pytest.raises(ZeroDivisionError), translated("divide"):
        _ = 1 / 0
