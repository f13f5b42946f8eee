"""Calls that are tried again: how often, with which pauses, and what is never tried again."""

import contextlib
import io

from library_test_case import LibraryTestCase
from report_stage.retries import retried


class RetryTests(LibraryTestCase):
    def attempt(self, *failures: Exception, tries: int = 5) -> tuple[object, list[float], list[str]]:
        """What comes of a call that fails so one after the other and then succeeds; the pauses and the log."""
        left, pauses, log = list(failures), [], io.StringIO()

        def call() -> str:
            if left:
                raise left.pop(0)
            return "rows"

        with contextlib.redirect_stdout(log):
            try:
                result: object = retried(
                    call,
                    may_pass=lambda error: isinstance(error, OSError),
                    what="page 3",
                    tries=tries,
                    pause=pauses.append,
                )
            except Exception as error:
                result = error
        return result, pauses, log.getvalue().splitlines()

    def test_what_succeeds_is_called_once(self):
        self.assertEqual(self.attempt(), ("rows", [], []))

    def test_what_may_pass_is_tried_again_with_growing_pauses(self):
        result, pauses, log = self.attempt(OSError("reset"), TimeoutError("too\nlong"), OSError("reset"))
        self.assertEqual((result, pauses), ("rows", [1, 2, 4]))
        self.assertEqual(log[0], "page 3: OSError: reset; again in 1 s, try 2 of 5")
        self.assertEqual(log[1], "page 3: TimeoutError: too long; again in 2 s, try 3 of 5")

    def test_the_last_failure_is_raised(self):
        last = OSError("the last")
        result, pauses, _ = self.attempt(OSError("a"), OSError("b"), last, tries=3)
        self.assertIs(result, last)
        self.assertEqual(len(pauses), 2)

    def test_what_will_not_pass_is_raised_at_once(self):
        wrong = ValueError("no such order")
        self.assertEqual(self.attempt(wrong), (wrong, [], []))
        self.assertEqual(self.attempt(OSError("a"), wrong)[0], wrong)

    def test_pauses_are_bounded(self):
        _, pauses, _ = self.attempt(*(OSError() for _ in range(9)), tries=10)
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 30, 30, 30, 30])
