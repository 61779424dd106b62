from __future__ import annotations

import logging
import traceback

from mathtune.errors import MathtuneError
from mathtune.testing import Fault, StubServer, failing
from mathtune.tuning import FineTuner

KEY = "never-to-be-seen-4711"
WANDB_KEY = "wandb-login-0815"


def test_no_key_reaches_log_error_or_ledger(training_file, tmp_path, clock, caplog, capsys):
    """Through good and bad weather neither the API key nor an integration's key is written anywhere."""
    caplog.set_level(logging.DEBUG, "mathtune")
    echo = f"you sent Bearer {KEY}"
    weathers = [
        {},
        {"stages": failing(code="bad", message="no")},
        {"faults": [Fault(on="*", status=401, message=echo, times=None)]},
        {"faults": [Fault(on="create_job", status=400, message=echo)]},
        {"faults": [Fault(on="create_job", status=500, message=echo, acts=True)]},
        {"faults": [Fault(on="upload", cut=True, times=None)]},
    ]
    seen = []
    for number, weather in enumerate(weathers):
        with StubServer(**weather) as server:
            url = server.base_url.replace("//", f"//user:{KEY}@")
            tuner = FineTuner(
                server.client(api_key=KEY, base_url=url, max_retries=0),
                directory=tmp_path / "tune" / str(number),
                clock=clock,
                sleep=clock.sleep,
            )
            wandb = {"type": "wandb", "wandb": {"project": "p", "api_key": WANDB_KEY}}
            try:
                job = tuner.tune(training_file, model="m", integrations=[wandb])
                seen += [repr(job), repr(tuner.manifest(job))]
            except MathtuneError as error:
                seen += [repr(error), str(error), "".join(traceback.format_exception(error))]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "tune").rglob("*") if path.is_file())
    printed = capsys.readouterr()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("mathtune")]
    texts = [*seen, *ours, kept.decode("utf-8", "replace"), printed.out, printed.err]
    assert "mathtune_key" in texts[-3]
    for secret in (KEY, WANDB_KEY):
        assert not [text for text in texts if secret in text]
    assert len(seen) > len(weathers)
