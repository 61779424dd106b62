"""A lock of ours is free again wherever Ctrl-C fell, and is a lock."""

from __future__ import annotations

import threading

import pytest

from mathtune.locks import _HeldOrNot, new_lock

from .presses import presses


@pytest.mark.parametrize("make", [new_lock, _HeldOrNot])
def test_ctrl_c_at_any_moment_leaves_a_lock_free(make):
    """On Python 3.14 too, where a signal may come between the taking and the block."""
    lock = make()

    def work():
        with lock, lock:
            pass

    pressed = 0
    for _ in presses(work):
        pressed += 1
        assert is_free(lock)
    assert pressed > 2


def test_a_lock_keeps_other_threads_out():
    """The thread that holds it may take it again; others wait until it is given back as often."""
    lock = _HeldOrNot()
    with lock:
        with lock:
            assert not is_free(lock)
        assert not is_free(lock)
    assert is_free(lock)


def is_free(lock):
    """Whether another thread could take it now."""
    free = []

    def take():
        free.append(lock.acquire(blocking=False))
        if free[0]:
            lock.release()

    other = threading.Thread(target=take)
    other.start()
    other.join()
    return free[0]
