"""Read multipart/form-data, as an upload sends it (RFC 7578)."""

from __future__ import annotations

import re

import attrs

__all__ = ["Upload", "read_form"]

_PARAMETER = re.compile(rb'\b(name|filename)="([^"]*)"')


@attrs.frozen(kw_only=True)
class Upload:
    """A file of a form."""

    filename: str
    content: bytes = attrs.field(repr=False)


def read_form(content_type: str, body: bytes) -> dict[str, str | Upload]:
    r"""Give a form's fields.

    Raises:
        ValueError: A part has no name, or a name or field is not UTF-8.

    >>> read_form('multipart/form-data; boundary=x', b'--x\r\nDisposition; name="a"\r\n\r\nb\r\n--x--\r\n')
    {'a': 'b'}
    """
    boundary = b"--" + content_type.partition("boundary=")[2].strip('"').encode()
    fields: dict[str, str | Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        names = {key.decode(): value.decode() for key, value in _PARAMETER.findall(head)}
        if "name" not in names:
            raise ValueError("a part of the form has no name")
        is_file = "filename" in names
        fields[names["name"]] = (
            Upload(filename=names["filename"], content=content) if is_file else content.decode()
        )
    return fields
