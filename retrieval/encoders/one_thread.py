"""Keeps numpy from using several threads for one product of matrices.

Where many small products are made side by side, in threads of our own, those of numpy only wait for each other, and
for a single small one they are woken and wait for more, which costs more processor time than the product.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

_lock = threading.Lock()
_inside: list[Any] = []
"""The limit, once for each who is inside: the first sets it, and the last takes it away."""


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Have every product of matrices made in the thread that asks for it, in the whole process, until it is left."""
    with _lock:
        _inside.append(_inside[0] if _inside else _controller().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            limit = _inside.pop()
            if not _inside:
                limit.restore_original_limits()
