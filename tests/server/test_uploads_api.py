from __future__ import annotations

import hashlib
import time

import openai
import pytest


def begin(client, size, **others):
    return client.uploads.create(
        filename="train.jsonl", purpose="fine-tune", bytes=size, mime_type="application/jsonl", **others
    )


def test_the_client_uploads_in_parts(client, site, tmp_path):
    """The client's own chunked upload makes the file that it was."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(site.chat_lines(50))
    done = client.uploads.upload_file_chunked(
        file=path, mime_type="application/jsonl", purpose="fine-tune", part_size=700
    )
    assert (done.status, done.file.filename) == ("completed", "train.jsonl")
    assert client.files.content(done.file.id).read() == path.read_bytes()
    assert list((site.settings.directory / "uploads").iterdir()) == []


def test_parts_are_joined_as_asked(client):
    """The order of `part_ids` counts, not that of sending; a checksum is held."""
    upload = begin(client, 16, expires_after={"anchor": "created_at", "seconds": 3_600})
    second, first = (
        client.uploads.parts.create(upload.id, data=data).id for data in (b"2, 3]}\n\n", b'{"a": [1')
    )
    whole = hashlib.md5(b'{"a": [12, 3]}\n\n', usedforsecurity=False).hexdigest()
    with pytest.raises(openai.BadRequestError, match="checksum"):
        client.uploads.complete(upload.id, part_ids=[first, second], md5="0" * 32)
    with pytest.raises(openai.BadRequestError, match="Line 1 is not a dictionary"):
        client.uploads.complete(upload.id, part_ids=[second, first])
    done = client.uploads.complete(upload.id, part_ids=[first, second], md5=whole)
    assert client.files.content(done.file.id).read() == b'{"a": [12, 3]}\n\n'
    assert done.file.expires_at
    with pytest.raises(openai.BadRequestError, match="The upload is completed"):
        client.uploads.parts.create(upload.id, data=b"x")


def test_an_upload_that_is_not_what_was_promised_is_refused(client):
    """Other sizes, unknown parts, unknown uploads."""
    upload = begin(client, 5)
    part = client.uploads.parts.create(upload.id, data=b"{}").id
    with pytest.raises(openai.BadRequestError, match="2 bytes; the upload was begun for 5"):
        client.uploads.complete(upload.id, part_ids=[part])
    with pytest.raises(openai.BadRequestError, match="has no part part_none"):
        client.uploads.complete(upload.id, part_ids=["part_none"])
    with pytest.raises(openai.NotFoundError):
        client.uploads.complete("upload_none", part_ids=[part])
    with pytest.raises(openai.BadRequestError, match="'bytes'"):
        begin(client, 9 << 30)


def test_a_cancelled_upload_leaves_nothing(client, site):
    """Its parts are gone, and it takes no more."""
    upload = begin(client, 5)
    client.uploads.parts.create(upload.id, data=b"{}")
    assert client.uploads.cancel(upload.id).status == "cancelled"
    assert list((site.settings.directory / "uploads").iterdir()) == []
    with pytest.raises(openai.BadRequestError, match="The upload is cancelled"):
        client.uploads.cancel(upload.id)


def test_an_upload_expires(site):
    """After an hour it takes no more, and the next server removes its parts."""
    with site.client() as client:
        upload = begin(client, 5)
        client.uploads.parts.create(upload.id, data=b"{}")
    site.clock = lambda: time.time() + 3_601
    with site.client() as client:
        with pytest.raises(openai.BadRequestError, match="The upload is expired"):
            client.uploads.parts.create(upload.id, data=b"{}")
        assert list((site.settings.directory / "uploads").iterdir()) == []
