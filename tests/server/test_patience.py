from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

HALF_A_HEAD = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"model": '
)


def connect(client):
    where = urlsplit(str(client.base_url))
    return socket.create_connection((where.hostname, where.port), timeout=30)


def test_slow_clients_keep_nobody_waiting(client):
    """Hundreds of connections that say nothing, or half of something, and the others are answered."""
    said = (b"", HALF_A_HEAD, HALF_A_BODY)
    waiting = [connect(client) for _ in range(300)]
    try:
        for number, connection in enumerate(waiting):
            connection.sendall(said[number % 3])
        for _ in range(5):
            assert client.models.list().data
    finally:
        for connection in waiting:
            connection.close()
    assert client.models.list().data


def test_slow_clients_are_let_go(new_site):
    """Silence and half a head end the connection; half a body gets a 408 first."""
    with new_site(patience=0.25).client() as client:
        for said, answer in ((b"", b""), (HALF_A_HEAD, b""), (HALF_A_BODY, b"HTTP/1.1 408 ")):
            with connect(client) as connection:
                connection.sendall(said)
                got = b""
                while piece := connection.recv(65_536):
                    got += piece
                assert got.startswith(answer)
                assert answer or not got


def test_a_client_in_the_middle_of_a_question_is_not_let_go(new_site):
    """Waiting for a slow answer is no idleness."""
    site = new_site(patience=0.2)
    site.generator.free.clear()
    with site.client() as client:
        threading.Timer(0.6, site.generator.free.set).start()
        asked = {"model": "tiny", "messages": [{"role": "user", "content": "x"}]}
        assert client.chat.completions.create(**asked).choices
