"""One mutation after the other: change, build, test."""

import sys
import time
from dataclasses import dataclass

from mutations import Mutation
from workplace import Workplace


@dataclass(frozen=True)
class Trial:
    mutation: Mutation
    # What noticed, or what is wrong.
    words: str
    is_noticed: bool
    seconds: float


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def try_all(mutations: list[Mutation], place: Workplace) -> list[Trial]:
    """Ends the program where the tests don't pass as the code stands: nothing that fails would say anything."""
    patterns = tuple(dict.fromkeys(pattern for each in mutations for pattern in each.tests))
    say("building the copy")
    if fault := place.build():
        raise SystemExit(f"the checkout doesn't build:\n{fault}")
    say("testing the copy as it is")
    verdict = place.test(patterns)
    if verdict.failed or not verdict.count:
        raise SystemExit(f"without any mutation {verdict.count} tests ran, and these failed: {verdict.failed}")
    return [_try(mutation, place) for mutation in mutations]


def _try(mutation: Mutation, place: Workplace) -> Trial:
    say(f"{mutation.name}: {mutation.without}")
    begin = time.monotonic()
    try:
        words, is_noticed = _outcome(mutation, place)
    finally:
        for edit in mutation.edits:
            place.restore(edit)
    say(f"{mutation.name}: {words}")
    return Trial(mutation, words, is_noticed, time.monotonic() - begin)


def _outcome(mutation: Mutation, place: Workplace) -> tuple[str, bool]:
    for edit in mutation.edits:
        if misfit := edit.fault(place.folder):
            return f"BROKEN: doesn't fit the code any more: {misfit}", False
        place.change(edit)
    if fault := place.build():
        return f"BROKEN: doesn't build: {fault}", False
    verdict = place.test(mutation.tests)
    if not verdict.count:
        return "BROKEN: the tests didn't come to their end, or there are none of that name", False
    if not verdict.failed:
        return f"SURVIVED: {verdict.count} tests passed", False
    return ", ".join(verdict.failed), True
