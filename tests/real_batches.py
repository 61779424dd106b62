"""The local server's batches, going as a test's courses have it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from urllib.parse import urlsplit

from mathtune.server._errors import ApiError

from .real_server import FrontedServer, ScriptedGenerator, key_of

DAY = 86_400


class CoursedGenerator(ScriptedGenerator):
    """Answers what the course of the batch under way lets it answer.

    Attributes:
        course: What becomes of the batch; None lets it complete.
        looks: How often it has still to be seen under way.
        rows: The numbers of the batch's lines, by the key of the question.
        end: Ends the batch as its course has it.
    """

    def __init__(self, chat, bodies, end):
        super().__init__(chat, bodies)
        self.course, self.looks, self.rows, self.end = None, 0, {}, end

    async def write(self, source, request):
        while self.looks > 0:  # noqa: ASYNC110  (a thread counts them down)
            await asyncio.sleep(0.005)
        course = self.course
        if course is not None:
            self._refuse(course.errors.get(request.messages[-1]["content"]))
            row = self.rows[key_of(request.messages, request.seed, request.temperature)]
            if course.answered is not None and row >= course.answered:
                await asyncio.to_thread(self.end, course.ends)
                raise ApiError(503, "The batch ends before this line.")
        async for answer in super().write(source, request):
            yield answer

    @staticmethod
    def _refuse(line):
        if line is not None:
            error = line["response"]["body"]["error"]
            raise ApiError(line["response"]["status_code"], error["message"], code=error.get("code"))


class BatchingServer(FrontedServer):
    """Takes what the stub with batches takes."""

    def __init__(self, courses=(), **options):
        super().__init__(**options)
        self.generator = CoursedGenerator(self.chat, self.bodies, self.end_batch)
        self.courses = list(courses)
        self.batches = {}
        self.lines = []
        self.ahead = 0

    def clock(self):
        return time.time() + self.ahead

    def answer(self, method, target, headers, raw):
        path = urlsplit(target).path
        if method == "POST" and path == "/v1/batches":
            return self.create_batch(target, headers, raw)
        if path.startswith("/v1/batches"):
            self.look_at_batch(path.rpartition("/")[2])
            return self.forward(method, target, headers, raw)
        if method == "POST" and path == "/v1/files" and self.courses and self.courses[0].message:
            # the one way in which this server refuses a batch whole: a line that cannot be one
            raw = re.sub(rb'"body":\s*\{', b'"body": {"stream": true, ', raw, count=1)
        return super().answer(method, target, headers, raw)

    def create_batch(self, target, headers, raw):
        with self._lock:
            course = self.courses.pop(0) if self.courses else None
            content = self.forward("GET", f"/v1/files/{json.loads(raw)['input_file_id']}/content", {}, b"")
            rows = [json.loads(line) for line in content.content.splitlines()]
            keys = [key_of(row["body"]["messages"], row["body"].get("seed"), row["body"].get("temperature"))
                    for row in rows]  # fmt: skip
            self.lines += rows
            self.bodies.update(zip(keys, (row["body"] for row in rows), strict=True))
            self.offer(rows[0]["body"]["model"])
            self.generator.rows = {key: number for number, key in enumerate(keys)}
            self.generator.course, self.generator.looks = course, course.looks if course else 1
            answer = self.forward("POST", target, headers, raw)
            self.batches[answer.content["id"]] = {"looks": self.generator.looks}
        return None if course and course.lost else answer

    def look_at_batch(self, batch_id):
        with self._lock:
            if self.batches.get(batch_id, {}).get("looks"):
                self.batches[batch_id]["looks"] -= 1
                self.generator.looks -= 1

    def end_batch(self, ends):
        """End the batch under way: its day is over, or somebody cancels it."""
        if ends == "expired":
            self.ahead += DAY
        else:
            self.forward("POST", f"/v1/batches/{list(self.batches)[-1]}/cancel", {}, b"")
