"""The keeper writes to the store, so that nobody waits for the disk."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

log = logging.getLogger(__name__)


class Keeper:
    """One thread that does what it is given in the order in which it was given."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")

    def do(self, function: Callable, *args: Any, **kwargs: Any) -> None:
        def careful() -> None:
            try:
                function(*args, **kwargs)
            except Exception:
                log.exception("%s could not be done", getattr(function, "__name__", function))

        try:
            self._pool.submit(careful)
        except RuntimeError:  # closed: an event that came after the server's end
            log.debug("nothing is kept any more")

    def settle(self) -> None:
        """Wait until all that was given so far is done."""
        self._pool.submit(lambda: None).result()

    def close(self) -> None:
        """Do what is left, then nothing more."""
        self._pool.shutdown(wait=True)
