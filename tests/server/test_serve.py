from __future__ import annotations

import socket

import pytest

from mathtune.errors import DataError, LedgerError, StorageError, UnreachableError
from mathtune.server import LocalServer, ServerSettings, hash_keys, serve


def test_an_address_beyond_this_machine_needs_a_key(tmp_path):
    """Without a key only loopback addresses are listened on."""
    for host in ("0.0.0.0", "192.168.1.5", "::", "box.lan"):  # noqa: S104  (refused is what is tested)
        with pytest.raises(DataError, match="give a key"):
            ServerSettings(directory=tmp_path, host=host)
        assert ServerSettings(directory=tmp_path, host=host, key_hashes=hash_keys(["k"]))
    for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        assert ServerSettings(directory=tmp_path, host=host)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_a_port_that_cannot_be_is_told(tmp_path, port):
    """A port beyond 16 bits is refused when settings are made, a local server's in its own process too."""
    said = f"'port': expected 0 to 65535, found {port}"
    with pytest.raises(DataError, match=said):
        ServerSettings(directory=tmp_path, port=port)
    with pytest.raises(UnreachableError, match=said):
        LocalServer(tmp_path, port=port).start()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("limit", ["requests_per_minute", "tokens_per_minute"])
def test_a_limit_that_lets_nobody_in_is_told(tmp_path, limit):
    """A limit is 1 at least."""
    with pytest.raises(DataError, match=f"'{limit}': expected 1 or more, found 0"):
        ServerSettings(directory=tmp_path, **{limit: 0})
    assert ServerSettings(directory=tmp_path, **{limit: 1})


def test_a_taken_port_is_told(tmp_path):
    """The error names the address and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnreachableError, match=f"127.0.0.1:{port}: .*choose another port"):
            serve(ServerSettings(directory=tmp_path, port=port))


def test_a_taken_directory_is_told(tmp_path):
    """A second server in the same directory is refused."""
    with LocalServer(tmp_path), pytest.raises(LedgerError, match="another server runs on"):
        serve(ServerSettings(directory=tmp_path))


def test_a_directory_that_cannot_be_made_is_told(tmp_path):
    """What keeps the server from starting is raised, not only logged."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file: cannot be the server's directory"):
        serve(ServerSettings(directory=tmp_path / "file"))
