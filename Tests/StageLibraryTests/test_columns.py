"""The check of rows: what each type of a column takes, and what a person is told of the rest."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from library_test_case import LibraryTestCase
from report_stage import columns

MOMENT = datetime(2026, 10, 31, 13, 45, tzinfo=timezone.utc)


def of_values(kind: str, *values: object) -> tuple[list, list[str]]:
    """What is published of values, and the faults of the others."""
    faults = columns.Faults()
    rows = list(columns.checked({"c": kind}, [[value] for value in values], faults))
    return [row[0] for row in rows], faults.words


def of_texts(kind: str, *texts: str) -> tuple[list, list[str]]:
    faults = columns.Faults()
    rows = list(columns.checked({"c": kind}, [[text] for text in texts], faults, are_texts=True))
    return [row[0] for row in rows], faults.words


class ColumnTests(LibraryTestCase):
    def test_values_of_their_types_are_taken_as_they_are(self):
        for kind, values in {
            "string": ["", "Söhne", "=1+1"],
            "integer": [0, -5, 2**63 - 1, -(2**63)],
            "decimal": [Decimal("10.50"), Decimal("-0.00"), Decimal("9" * 34), Decimal("1E-20"), Decimal("1E+6000")],
            "date": [date(2026, 10, 31), date(1, 1, 1)],
            "month": [date(2026, 10, 1)],
            "timestamp": [MOMENT],
            "boolean": [True, False],
        }.items():
            with self.subTest(kind=kind):
                published, faults = of_values(kind, *values, None)
                self.assertEqual((published, faults), ([*values, None], []))
                self.assertEqual([str(value) for value in published], [str(value) for value in [*values, None]])

    def test_values_of_other_types_are_named_with_what_is_allowed(self):
        for kind, value, words in (
            ("decimal", 10.5, '10.5 is a float, expected a Decimal, such as Decimal("10.50")'),
            ("decimal", "10.50", "'10.50' is a str, expected a Decimal"),
            ("decimal", True, "True is a bool, expected a Decimal"),
            ("decimal", Decimal("NaN"), "NaN is not a number"),
            ("decimal", Decimal("1." + "1" * 34), "has more than 34 digits"),
            ("decimal", Decimal("1E+7000"), "has more than 34 digits"),
            ("integer", "seven", "'seven' is a str, expected an int"),
            ("integer", True, "True is a bool, expected an int"),
            ("integer", 7.0, "7.0 is a float, expected an int"),
            ("integer", 2**63, "is an integer of more than 64 bits; make the column a decimal"),
            ("string", 7, "7 is an int, expected a str"),
            ("string", b"x", "b'x' is a bytes, expected a str"),
            ("string", "\udcff", "is not Unicode"),
            ("date", "2026-10-31", "'2026-10-31' is a str, expected a date"),
            ("date", MOMENT, "2026-10-31 13:45:00+00:00 has a time of day, expected a date"),
            ("month", date(2026, 10, 31), "2026-10-31 is not the first day of a month"),
            ("timestamp", datetime(2026, 10, 31), "says nothing about its time zone"),
            ("timestamp", date(2026, 10, 31), "2026-10-31 is a date, expected a datetime"),
            ("boolean", 1, "1 is an int, expected a bool"),
            ("boolean", "true", "'true' is a str, expected a bool"),
        ):
            with self.subTest(kind=kind, value=value):
                published, faults = of_values(kind, value)
                self.assertEqual(published, [])
                self.assertEqual(len(faults), 1)
                self.assertTrue(faults[0].startswith(f"line 1, column c ({kind}): "), faults)
                self.assertIn(words, faults[0])

    def test_days_and_numbers_may_come_in_another_type_that_means_the_same(self):
        self.assertEqual(of_values("decimal", 5), ([Decimal(5)], []))
        self.assertEqual(of_values("date", datetime(2026, 10, 31)), ([date(2026, 10, 31)], []))
        other_zone = MOMENT.astimezone(timezone(timedelta(hours=-5)))
        self.assertEqual(of_values("timestamp", other_zone), ([MOMENT], []))
        (many_zeros,), _ = of_values("decimal", Decimal("1" + "0" * 40))
        self.assertEqual(many_zeros, Decimal("1E40"))

    def test_fields_of_text_are_read_strictly(self):
        for kind, good in {
            "integer": {"-12": -12, "007": 7},
            "decimal": {"1,234,567.80": Decimal("1234567.80"), "-.5": Decimal("-0.5"), "1e3": Decimal("1E+3")},
            "date": {"2026-10-31": date(2026, 10, 31), "0999-01-01": date(999, 1, 1)},
            "month": {"2026-10": date(2026, 10, 1)},
            "timestamp": {"2026-10-31T14:45:00+01:00": MOMENT, "2026-10-31T13:45:00Z": MOMENT},
            "boolean": {"true": True, "false": False},
            "string": {"": "", "NULL": "NULL"},
        }.items():
            with self.subTest(kind=kind):
                self.assertEqual(of_texts(kind, *good), (list(good.values()), []))
        for kind, wrong in {
            "integer": ["seven", "1_000", " 7", "7.0", "٧", "1,000", "-", "9" * 30],
            # Decimal commas are no thousands: 10,50 must not become 1050.
            "decimal": ["10,50", "1,23,456", "much", "1_0", " 1", "NaN", "Infinity", ".", "-", "€5", "٧", "NULL"],
            "date": ["2026-1-5", "31.10.2026", "2026-02-30", "2026-10-31T00:00:00Z", "today"],
            "month": ["2026-13", "2026-1", "2026-10-01"],
            "timestamp": ["2026-10-31", "2026-10-31T13:45:00", "now"],
            "boolean": ["yes", "1", "True"],
        }.items():
            for text in wrong:
                with self.subTest(kind=kind, text=text):
                    published, faults = of_texts(kind, text)
                    self.assertEqual((published, len(faults)), ([], 1))
                    self.assertIn(repr(text)[:20], faults[0])

    def test_empty_field_is_null_but_for_strings(self):
        for kind in columns.TYPES.keys() - {"string"}:
            self.assertEqual(of_texts(kind, ""), ([None], []))

    def test_every_fault_of_every_line_is_found_and_good_lines_are_published(self):
        faults = columns.Faults()
        rows = [["a", Decimal(1)], ["b", 1.5], [3, "x"], ["short"], ["long", Decimal(1), 2], "text", ["c", Decimal(2)]]
        published = list(columns.checked({"name": "string", "sum": "decimal"}, rows, faults))
        self.assertEqual(published, [rows[0], rows[-1]])
        self.assertEqual(
            faults.words,
            [
                'line 2, column sum (decimal): 1.5 is a float, expected a Decimal, such as Decimal("10.50")',
                "line 3, column name (string): 3 is an int, expected a str",
                "line 3, column sum (decimal): 'x' is a str, expected a Decimal, such as Decimal(\"10.50\")",
                "line 4: has 1 of 2 fields; expected name, sum",
                "line 5: has 3 of 2 fields; expected name, sum",
                "line 6: is a str, expected a list of 2 values",
            ],
        )

    def test_faults_beyond_a_bound_are_counted(self):
        faults = columns.Faults()
        self.assertEqual(list(columns.checked({"n": "integer"}, ([0.5] for _ in range(100_000)), faults)), [])
        self.assertEqual((faults.count, len(faults.words)), (100_000, columns.KEPT_FAULTS))

    def test_columns_of_unknown_types_and_without_names(self):
        self.assertFalse(columns.faults_of_columns({"a": "string"}))
        self.assertEqual(
            columns.faults_of_columns({"sum": "money", " ": "string"}).words,
            [
                "column sum: 'money' is not a type; types are string, integer, decimal, date, month, timestamp, boolean",
                "column ' ': a column needs a name",
            ],
        )
        self.assertEqual(columns.faults_of_columns({}).words, ["there are no columns"])

    def test_values_are_shown_short_and_on_one_line(self):
        (fault,) = of_values("integer", "one\ntwo" + "x" * 1000)[1]
        self.assertLess(len(fault), 120)
        self.assertEqual(len(fault.splitlines()), 1)
