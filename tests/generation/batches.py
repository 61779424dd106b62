"""A server whose batches take courses that a test sets: the stub, or the local server where that is asked."""

from __future__ import annotations

import json
from typing import Any

import attrs

from mathtune.testing import StubServer
from mathtune.testing._stub import _Answer


@attrs.frozen(kw_only=True)
class Course:
    """What becomes of a batch.

    Attributes:
        looks: How often it is seen under way before it ends.
        ends: Its last status; None for a batch that shows no status whenever it is looked at.
        answered: How many of its requests are answered; None for all.
        errors: Lines by text of the question: what stands in the error file for it.
        lost: Whether the answer to its creation is cut off, after acting.
        unmade: Whether its creation is cut off before acting.
        message: Why it failed.
    """

    looks: int = 1
    ends: str | None = "completed"
    answered: int | None = None
    errors: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    lost: bool = False
    unmade: bool = False
    message: str | None = None


class _BatchStub(StubServer):
    """Runs batches after a plan; further ones complete."""

    def __init__(self, courses=(), **options):
        super().__init__(**options)
        self.courses = list(courses)
        self.batches: dict[str, dict[str, Any]] = {}
        self.lines: list[dict[str, Any]] = []
        self.one_page_for_ever = False  # as servers do that know neither `after` nor `has_more`

    def answer(self, method, target, headers, raw):
        path = target.partition("?")[0].removeprefix("/v1/batches")
        if path == target.partition("?")[0]:
            return super().answer(method, target, headers, raw)
        with self._lock:
            if method == "POST":
                return self._create(json.loads(raw))
            if not path:
                rows = [batch["shown"] for batch in self.batches.values()][::-1]
                ended = {} if self.one_page_for_ever else {"has_more": False}
                return _Answer(content={"object": "list", "data": rows, **ended})
            return _Answer(content=self._look(self.batches[path.strip("/")]))

    def _create(self, asked):
        course = self.courses.pop(0) if self.courses else Course()
        batch_id = f"batch_{len(self.batches)}"
        if course.unmade:
            return None
        rows = [json.loads(line) for line in self._state.contents[asked["input_file_id"]].splitlines()]
        self.lines += rows
        shown = {
            **asked,
            "id": batch_id,
            "object": "batch",
            "created_at": 1,
            "status": "validating",
            "request_counts": {"total": len(rows), "completed": 0, "failed": 0},
        }
        self.batches[batch_id] = {"shown": shown, "course": course, "rows": rows, "looks": course.looks}
        return None if course.lost else _Answer(content=dict(shown))

    def _look(self, batch):
        shown, course = batch["shown"], batch["course"]
        if course.ends is None:
            shown["status"] = None
        elif shown["status"] not in {"completed", "failed", "expired", "cancelled"}:
            if batch["looks"]:
                batch["looks"] -= 1
                shown["status"] = "in_progress"
            else:
                self._end(batch, shown, course)
        return dict(shown)

    def _end(self, batch, shown, course):
        shown["status"] = course.ends
        if course.message:
            shown["errors"] = {
                "object": "list",
                "data": [{"line": 1, "message": course.message, "code": "bad"}],
            }
            return
        rows = batch["rows"] if course.answered is None else batch["rows"][: course.answered]
        output, errors = [], []
        for row in reversed(rows):
            question = row["body"]["messages"][-1]["content"]
            if question in course.errors:
                errors.append({"custom_id": row["custom_id"], **course.errors[question]})
            else:
                reply = {"status_code": 200, "body": self._state.chat(row["body"])}
                output.append({"custom_id": row["custom_id"], "response": reply, "error": None})
        left = batch["rows"][len(rows) :]
        lapsed = {"code": "batch_expired", "message": "This request could not be executed."}
        errors += [{"custom_id": row["custom_id"], "response": None, "error": lapsed} for row in left]
        shown["output_file_id"] = self._file("output.jsonl", output)
        shown["error_file_id"] = self._file("errors.jsonl", errors)

    def _file(self, name, rows):
        if not rows:
            return None
        # other servers write UTF-8, in which a line separator is no end of a line
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return self._state._store(name, content.encode(), "batch_output")["id"]


# the server that tests/conftest.py puts in the stub's place has batches of its own
BatchServer = getattr(StubServer, "WITH_BATCHES", _BatchStub)
