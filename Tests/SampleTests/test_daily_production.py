"""The stages of the sample "daily production", compared with a minute-by-minute computation over shifts and stops."""

import csv
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import bson

from sample_test_case import DATA, SampleTestCase

TYPES = {
    "day": datetime,
    "line": str,
    "shift": str,
    **dict.fromkeys(("target", "good", "scrap", "plannedMinutes", "stoppedMinutes"), int),
    **dict.fromkeys(("attainment", "availability", "performance", "quality", "oee"), bson.Decimal128),
}


def read(name: str) -> list[dict]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def minutes(begin: str, end: str) -> set[datetime]:
    """Each minute from one time to another."""
    first, last = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    return {first + timedelta(minutes=n) for n in range((last - first) // timedelta(minutes=1))}


def rounded(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def expected(day: str) -> dict[tuple[str, str], list]:
    """By line and shift: target, good, scrap, planned and stopped minutes, the four factors of attainment and OEE."""
    shifts = [row for row in read("shifts.csv") if row["day"] == day]
    stops = read("stops.csv")
    figures = {}
    for shift in shifts:
        planned = minutes(shift["starts"], shift["ends"]) - minutes(shift["break_starts"], shift["break_ends"])
        stopped = set().union(
            *(
                minutes(stop["stopped_at"], stop["running_again"])
                for stop in stops
                if stop["line"] == shift["line"]
            )
        )
        target, good, scrap, cycle = (int(shift[name]) for name in ("target", "good", "scrap", "cycle_seconds"))
        running = len(planned - stopped)
        factors = (
            ratio(running, len(planned)),
            ratio((good + scrap) * cycle, 60 * running),
            ratio(good, good + scrap),
        )
        oee = factors[0] * factors[1] * factors[2] if None not in factors else Fraction(0)
        figures[shift["line"], shift["shift"]] = [
            *(target, good, scrap, len(planned), len(planned & stopped)),
            *(rounded(value) for value in (ratio(good, target), *factors, oee)),
        ]
    return figures


class DailyProductionTests(SampleTestCase):
    sample = "daily-production"
    parameters = {"date": "2026-10-29"}

    def figures(self) -> dict[tuple[str, str], list]:
        rows = [list(row.values()) for row in self.stored_rows()]
        return {
            (row[1], row[2]): [*row[3:8], *(value and value.to_decimal() for value in row[8:])] for row in rows
        }

    def test_every_shift_agrees_with_counting_minutes(self):
        # A day that no line worked through; one that a stop of the day before reaches into; a Saturday; others.
        idle = next(row["day"] for row in read("shifts.csv") if row["good"] == "0")
        overnight = next(
            row["running_again"][:10]
            for row in read("stops.csv")
            if row["stopped_at"][:10] < row["running_again"][:10] and row["running_again"][11:] > "06:30:00"
        )
        compared = 0
        others = ("2026-10-31", "2026-10-29", "2025-01-01", "2027-12-31", "2025-03-03", "2026-06-17")
        for day in (idle, overnight, *others):
            with self.subTest(day=day):
                self.succeed(date=day)
                wanted = expected(day)
                self.assertEqual(self.figures(), wanted)
                compared += len(wanted)
        self.assertGreater(compared, 40)

    def test_shift_that_made_nothing_has_no_quality_and_no_effect(self):
        row = next(row for row in read("shifts.csv") if row["good"] == "0")
        self.succeed(date=row["day"])
        stored = next(r for r in self.stored_rows() if (r["line"], r["shift"]) == (row["line"], row["shift"]))
        self.assertIsNone(stored["quality"])
        self.assertEqual(stored["oee"].to_decimal(), 0)
        self.assert_typed(TYPES)

    def test_sunday_is_an_empty_report_and_no_failure(self):
        table = self.succeed(date="2026-11-01")
        self.assertIn("No shift was planned on 2026-11-01", table)
        self.assertEqual((self.header()["rows"], self.header()["buckets"]), (0, 0))

    def test_more_pieces_than_the_running_time_allows_are_wrong_data(self):
        self.succeed("extract")
        self.sql("UPDATE line_shift SET good = good * 2 WHERE line = 'L2' AND shift = 'late'")
        self.assertRegex(self.fails(65, "transform"), r"2026-10-29 L2 late: \d+ pieces can't be made in \d+ running")

    def test_publish_refuses_what_was_not_extracted(self):
        self.assert_publish_refuses(
            ("UPDATE shift_production SET good = good - 1 LIMIT 1", "good of all shifts"),
            ("UPDATE shift_production SET scrap = scrap + 1 LIMIT 1", "scrap of all shifts"),
            ("DELETE FROM shift_production LIMIT 1", "shifts of all shifts is 7, but 8"),
            ("UPDATE shift_production SET oee = oee + 0.0001 WHERE line = 'L1' AND shift = 'late'", "L1 late: OEE"),
        )

    def test_days_that_are_no_days_of_the_plant(self):
        self.assertIn("outside the shifts", self.fails(64, "extract", date="2028-01-01"))
        self.assertIn("there is no day 2026-02-30", self.fails(64, "extract", date="2026-02-30"))
        self.assertIn("expected a day", self.fails(64, "extract", date="yesterday"))

    def test_other_day_of_the_same_report_does_not_use_these_lines(self):
        self.succeed("extract", date="2026-10-28")
        self.assertIn("this is report report for 2026-10-29", self.fails(65, "transform"))
