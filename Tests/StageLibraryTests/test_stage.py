"""How a stage ends: its exit code, its message and the end of its log."""

from library_test_case import LibraryTestCase
from report_stage import stage

STAGE = "from report_stage import stage\n"


class StageTests(LibraryTestCase):
    def test_message_is_left_first_and_printed_last(self):
        result = self.run_stage(STAGE + "print('busy')\nstage.fail(stage.NO_INPUT, 'no rows.json', 'extract has to run')")
        self.assertEqual((result.returncode, result.stdout), (66, "busy\n"))
        self.assertEqual(result.stderr, "publish: no rows.json\npublish: extract has to run\n")
        self.assertEqual(self.message.read_text() + "\n", result.stderr)

    def test_message_is_there_however_much_was_printed_and_whoever_reads_it(self):
        # Its log's reader is gone: what is printed is lost, and the message isn't.
        text = STAGE + "import os\nos.close(2)\nos.close(1)\nstage.fail(65, 'the reason')"
        self.run_stage(text)
        self.assertEqual(self.message.read_text(), "publish: the reason")

    def test_exit_with_a_reason_leaves_it_too(self):
        text = STAGE + "import sys\ndef main():\n    print('x\\n' * 10_000)\n    sys.exit('the reason')\nstage.run(main)"
        result = self.run_stage(text)
        self.assertEqual((result.returncode, self.message.read_text()), (1, "publish: the reason"))
        self.assertEqual(self.run_stage(STAGE + "stage.run(lambda: exit(3))").returncode, 3)

    def test_unexpected_exception_is_a_line_and_its_stack_trace_is_in_the_log(self):
        result = self.run_stage(STAGE + "def main():\n    return {}['account']\nstage.run(main)")
        self.assertEqual(result.returncode, 70)
        self.assertEqual(self.message.read_text(), "publish: KeyError: 'account' (publish.py, line 3)")
        self.assertEqual(result.stderr.splitlines()[-1], self.message.read_text())
        self.assertIn("Traceback", result.stderr)

    def test_nothing_is_made_where_there_is_no_container(self):
        self.message.unlink()
        self.assertEqual(self.run_stage(STAGE + "stage.fail(65, 'x')").returncode, 65)
        self.assertFalse(self.message.exists())

    def test_older_message_is_replaced(self):
        self.message.write_text("a long message of an earlier program" * 10)
        self.run_stage(STAGE + "stage.fail(65, 'short')")
        self.assertEqual(self.message.read_text(), "publish: short")

    def test_message_has_whole_lines_and_says_how_many_there_are_besides(self):
        lines = [f"line {n}: {'x' * 90}" for n in range(50)]
        message = stage.message_of(lines, others=200)
        self.assertLess(len(message.encode()), 1000)
        kept = message.splitlines()
        self.assertEqual(kept[:-1], lines[: len(kept) - 1])
        self.assertEqual(kept[-1], f"and {250 - len(kept) + 1} more")
        self.assertEqual(stage.message_of(["a", "b"]), "a\nb")
        self.assertEqual(stage.message_of([]), "")
        long = stage.message_of(["ä" * 5000, "b"])
        self.assertLess(len(long.encode()), 1024)
        self.assertTrue(long.endswith("…\nand 1 more"))

    def test_faults_end_a_stage_and_none_does_not(self):
        text = STAGE + "stage.fail_for([])\nprint('on')\nstage.fail_for(f'fault {n}' for n in range(60))"
        result = self.run_stage(text)
        self.assertEqual((result.returncode, result.stdout), (65, "on\n"))
        self.assertEqual(len(result.stderr.splitlines()), 51)
        self.assertEqual(result.stderr.splitlines()[-1], "publish: and 10 more")

    def test_parameters(self):
        text = STAGE + "print(stage.asked_period(), stage.asked_date(), stage.asked_integer('N', 1, 9))"
        good = {"REPORT_PARAM_PERIOD": "2026-10", "REPORT_PARAM_DATE": "2026-10-31", "REPORT_PARAM_N": "5"}
        self.assertEqual(self.run_stage(text, **good).stdout, "2026-10 2026-10-31 5\n")
        for name, value, words in (
            ("PERIOD", "2026-13", "REPORT_PARAM_PERIOD is '2026-13', expected a month such as 2026-10"),
            ("DATE", "2026-02-30", "there is no day 2026-02-30"),
            ("N", "10", "REPORT_PARAM_N is 10, expected 1 to 9"),
            ("N", "", "REPORT_PARAM_N is '', expected a number from 1 to 9"),
        ):
            result = self.run_stage(text, **{**good, f"REPORT_PARAM_{name}": value})
            self.assertEqual((result.returncode, result.stderr), (64, f"publish: {words}\n"))
