"""Trying again what may pass: a server that restarts, a connection that breaks, a call that takes too long.

`retries` of a stage in the pipeline starts the whole stage again, in another pod. This is for a single call within it.
"""

import os
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

TRIES = 5
FIRST_PAUSE = 1.0  # seconds; each next one is twice as long
LONGEST_PAUSE = 30.0


def retried(
    call: Callable[[], Result],
    *,
    may_pass: Callable[[Exception], bool],
    what: str,
    tries: int = TRIES,
    pause: Callable[[float], None] = time.sleep,
) -> Result:
    """What `call` returns, at the first try that succeeds. Each failure that may pass is a line in the log; the last
    one, and one that won't pass, is raised.

    `may_pass` says of an exception whether it may be gone at the next try; `what` names the call in the log, such as
    "page 3". RETRY_PAUSE takes the place of the first pause, in seconds.

    For example:

        page = retried(lambda: service.ListOrders(page=3), may_pass=is_passing, what="page 3")
    """
    wait = float(os.environ.get("RETRY_PAUSE") or FIRST_PAUSE)
    for number in range(1, tries + 1):
        try:
            return call()
        except Exception as error:
            if number == tries or not may_pass(error):
                raise
            words = " ".join(str(error).split())[:300]
            again = f"again in {wait:g} s, try {number + 1} of {tries}"
            print(f"{what}: {type(error).__name__}: {words}; {again}", flush=True)
            pause(wait)
            wait = min(2 * wait, LONGEST_PAUSE)
    raise AssertionError("the last try returns or raises")
