"""The history in the warehouse, and the sample "plant trend", which reads it alone, compared with the plant's files."""

import calendar
import csv
import shutil
import sys
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import bson

import test_daily_production
import test_mean_time_to_failure
from sample_test_case import DATA, SampleTestCase

TYPES = {
    "month": datetime,
    "days": int,
    "good": int,
    "goodChange": bson.Decimal128,
    "scrap": int,
    "oee": bson.Decimal128,
    "oeeChange": bson.Decimal128,
    "failures": int,
    "operatingDays": int,
    "mttfDays": bson.Decimal128,
    "mttfChange": bson.Decimal128,
}
WINDOW = 12


def months_until(last: date, count: int) -> list[date]:
    months = [last]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def days_of(month: date) -> list[date]:
    return [month.replace(day=day) for day in range(1, calendar.monthrange(month.year, month.month)[1] + 1)]


def rounded(value: Fraction | None, places: str) -> Decimal | None:
    if value is None:
        return None
    # Exactly: a quotient of decimals would be rounded twice.
    scaled = value * 10 ** len(places.partition(".")[2])
    whole = int(abs(scaled) + Fraction(1, 2))
    return (Decimal(whole if scaled >= 0 else -whole) * Decimal(places)).quantize(Decimal(places), ROUND_HALF_UP)


def by_day() -> dict[str, list[list]]:
    """Of each day what its shifts made: line, shift, target, good, scrap, planned, stopped, seconds of the good."""
    cycles = {row["line"]: int(row["cycle_seconds"]) for row in test_daily_production.read("shifts.csv")}
    days: dict[str, list[list]] = {}
    for day in sorted({row["day"] for row in test_daily_production.read("shifts.csv")}):
        figures = expected_day(day)
        days[day] = [[*key, *row[:5], row[1] * cycles[key[0]]] for key, row in sorted(figures.items())]
    return days


SHIFTS: dict[str, list[dict]] = {}
STOPS: dict[str, list[dict]] = {}


def expected_day(day: str) -> dict[tuple[str, str], list]:
    """What test_daily_production expects, without reading the files for each of 700 days."""
    if not SHIFTS:
        for row in test_daily_production.read("shifts.csv"):
            SHIFTS.setdefault(row["day"], []).append(row)
        for row in test_daily_production.read("stops.csv"):
            begin = date.fromisoformat(row["stopped_at"][:10]) - timedelta(days=1)
            end = date.fromisoformat(row["running_again"][:10])
            for n in range((end - begin).days + 1):
                STOPS.setdefault(str(begin + timedelta(days=n)), []).append(row)
    figures = {}
    for shift in SHIFTS.get(day, []):
        planned = test_daily_production.minutes(shift["starts"], shift["ends"])
        planned -= test_daily_production.minutes(shift["break_starts"], shift["break_ends"])
        stopped: set = set()
        for stop in STOPS.get(day, []):
            if stop["line"] == shift["line"]:
                stopped |= test_daily_production.minutes(stop["stopped_at"], stop["running_again"])
        figures[shift["line"], shift["shift"]] = [
            *(int(shift[name]) for name in ("target", "good", "scrap")), len(planned), len(planned & stopped)
        ]
    return figures


class PlantTrendTests(SampleTestCase):
    sample = "plant-trend"
    parameters = {"period": "2026-12", "months": "24", "window": str(WINDOW)}

    def run_of(self, sample: str, *stages: str, **options) -> str:
        before, self.sample = self.sample, sample
        try:
            return self.succeed(*stages, **options)
        finally:
            self.sample = before

    def day(self, day: str, **options) -> None:
        self.run_of("daily-production", date=day, **options)

    def failures(self, period: str, **options) -> None:
        self.run_of("mean-time-to-failure", **{"period": period, "months": str(WINDOW), "years": "16", **options})

    def begin_history(self) -> None:
        """A report on a day and one on a month make the tables, and each a first line in them."""
        self.day("2026-10-29")
        self.failures("2025-10")

    def kept_day(self, day: str) -> list[list]:
        columns = "line, shift, target, good, scrap, planned_minutes, stopped_minutes, good_seconds"
        rows = self.sql(f"SELECT {columns} FROM production_of_day WHERE day = '{day}' ORDER BY 1, 2")
        return [list(row) for row in rows]

    def keep_all_days(self, days: dict[str, list[list]], first: date, last: date) -> None:
        """What the daily reports would keep of these days; that they keep just that is a test of its own."""
        numbers = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
        with self.warehouse.cursor() as cursor:
            for day in numbers:
                shifts = len(days.get(day, []))
                cursor.execute("REPLACE INTO production_day VALUES (%s, %s, 'filled', NOW(3))", [day, shifts])
                cursor.execute("DELETE FROM production_of_day WHERE day = %s", [day])
            rows = [[day, *row] for day in numbers for row in days.get(day, [])]
            cursor.executemany(f"INSERT INTO production_of_day VALUES ({', '.join(['%s'] * 9)})", rows)

    def rows_by_month(self) -> dict[str, dict]:
        return {
            f"{row['month']:%Y-%m}": {
                name: value.to_decimal() if isinstance(value, bson.Decimal128) else value for name, value in row.items()
            }
            for row in self.stored_rows()
        }

    # What the reports keep

    def test_daily_report_keeps_its_day_with_its_report(self):
        days = by_day()
        for day, report in (("2026-10-29", "first"), ("2026-10-30", "second"), ("2026-11-01", "sunday")):
            self.day(day, report=report)
            self.assertEqual(self.kept_day(day), days.get(day, []))
        kept = self.sql("SELECT day, shifts, report_id FROM production_day ORDER BY day")
        shifts = len(days["2026-10-29"]), len(days["2026-10-30"])
        self.assertEqual(
            kept,
            (
                (date(2026, 10, 29), shifts[0], "first"),
                (date(2026, 10, 30), shifts[1], "second"),
                (date(2026, 11, 1), 0, "sunday"),
            ),
        )

    def test_report_on_an_old_day_replaces_that_day_alone(self):
        self.day("2026-10-28", report="first")
        self.day("2026-10-29", report="second")
        untouched = self.kept_day("2026-10-29")
        # The plant has corrected a shift of the day before: one piece less, and another shift is gone.
        folder = self.workspace / "corrected"
        shutil.copytree(DATA, folder)
        rows = test_daily_production.read("shifts.csv")
        wrong = [row for row in rows if row["day"] == "2026-10-28"]
        wrong[0]["good"] = str(int(wrong[0]["good"]) - 1)
        rows.remove(wrong[1])
        with (folder / "shifts.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        before = self.kept_day("2026-10-28")
        self.day("2026-10-28", report="third", DATA=str(folder))
        after = self.kept_day("2026-10-28")
        self.assertEqual(len(after), len(before) - 1)
        gone = {tuple(row[:2]) for row in before} - {tuple(row[:2]) for row in after}
        self.assertEqual(gone, {(wrong[1]["line"], wrong[1]["shift"])})
        self.assertEqual(sum(row[3] for row in after), sum(row[3] for row in before) - 1 - int(wrong[1]["good"]))
        self.assertEqual(self.kept_day("2026-10-29"), untouched)
        owners = self.sql("SELECT report_id FROM production_day ORDER BY day")
        self.assertEqual(owners, (("third",), ("second",)))

    def test_nothing_is_kept_of_a_day_whose_figures_are_wrong(self):
        self.day("2026-10-29", report="first")
        before = self.kept_day("2026-10-29")
        self.run_of("daily-production", "extract", "transform", date="2026-10-29", report="second")
        self.sql("UPDATE shift_production SET good = good - 1 LIMIT 1")
        self.sample = "daily-production"
        self.fails(65, "publish", date="2026-10-29", report="second")
        self.assertEqual(self.kept_day("2026-10-29"), before)
        self.assertEqual(self.sql("SELECT report_id FROM production_day"), (("first",),))

    def test_monthly_report_keeps_its_month_and_replaces_it(self):
        self.failures("2026-10", report="first")
        figures = self.sql("SELECT system, failures, mttf_days FROM failure_rate ORDER BY system")
        columns = "SELECT system, failures, mttf_days FROM failure_rate_of_month"
        self.assertEqual(self.sql(f"{columns} ORDER BY system"), figures)
        # One that looks at another number of months stands beside it; one on the same replaces it.
        self.failures("2026-10", report="second", months="24")
        self.failures("2026-10", report="third")
        self.assertEqual(self.sql(f"{columns} WHERE months = {WINDOW} ORDER BY system"), figures)
        kept = self.sql("SELECT month, months, report_id FROM failure_month ORDER BY months")
        self.assertEqual(kept, ((date(2026, 10, 1), WINDOW, "third"), (date(2026, 10, 1), 24, "second")))

    # The series

    def test_every_figure_of_24_months_agrees_with_the_plants_files(self):
        days = by_day()
        months = months_until(date(2026, 12, 1), 24)
        self.begin_history()
        self.keep_all_days(days, months[0], days_of(months[-1])[-1])
        reported = ("2025-10", "2025-12", "2026-01", "2026-02", "2026-09", "2026-10")
        for period in reported[1:]:
            self.failures(period)
        self.succeed("publish")
        rows = self.rows_by_month()
        self.assertEqual(list(rows), [f"{month:%Y-%m}" for month in months])
        components = test_mean_time_to_failure.components()
        before: dict[str, Fraction | int | None] = {}
        for month in months:
            name, shifts = f"{month:%Y-%m}", [row for day in days_of(month) for row in days.get(str(day), [])]
            good, planned = sum(row[3] for row in shifts), sum(row[5] for row in shifts)
            oee = rounded(Fraction(sum(row[7] for row in shifts), 60 * planned), "0.0001")
            mttf = failures = None
            if name in reported:
                end = date(month.year - 16 + month.month // 12, month.month % 12 + 1, 1)
                begin = date(end.year - 1, end.month, 1)
                failures = sum(failed and begin <= day < end for one in components for day, failed in one.ends)
                operating = sum(begin <= day < end for one in components for day in one.days)
                mttf = rounded(Fraction(operating, failures), "0.01")
            wanted = {
                "month": rows[name]["month"],
                "days": len(days_of(month)),
                "good": good,
                "goodChange": rounded(Fraction(good - before["good"], before["good"]), "0.0001") if before else None,
                "scrap": sum(row[4] for row in shifts),
                "oee": oee,
                "oeeChange": oee - before["oee"] if before else None,
                "failures": failures,
                "operatingDays": operating if failures else None,
                "mttfDays": mttf,
                "mttfChange": rounded(Fraction(mttf) / Fraction(before["mttf"]) - 1, "0.0001")
                if mttf and before.get("mttf")
                else None,
            }
            self.assertEqual(rows[name], wanted, name)
            before = {"good": good, "oee": oee, "mttf": mttf}
        self.assert_typed(TYPES)
        print(f"\n{sum(row['good'] for row in rows.values()):,} pieces of 24 months agree", file=sys.stderr)
        # A correction of one old day is in its month, in that month's change and in the next one's, and nowhere else.
        self.sql("UPDATE production_of_day SET good = good - 1 WHERE day = '2025-06-17' LIMIT 1")
        self.day("2025-06-17", report="again")
        self.succeed("publish")
        self.assertEqual(self.rows_by_month(), rows)

    def test_months_without_all_their_days_have_no_change(self):
        days = by_day()
        self.begin_history()
        self.keep_all_days(days, date(2026, 9, 1), date(2026, 10, 30))
        table = self.succeed("publish", period="2026-11", months="4")
        rows = self.rows_by_month()
        self.assertEqual([row["days"] for row in rows.values()], [0, 30, 30, 0])
        self.assertEqual([row["goodChange"] for row in rows.values()], [None] * 4)
        self.assertIsNone(rows["2026-08"]["good"])
        self.assertIn("2026-08     0", table)
        self.day("2026-10-31")
        self.succeed("publish", period="2026-11", months="4")
        changes = [row["goodChange"] is not None for row in self.rows_by_month().values()]
        self.assertEqual(changes, [False, False, True, False])

    def test_it_reads_the_history_alone(self):
        self.begin_history()
        self.keep_all_days(by_day(), date(2026, 9, 1), date(2026, 10, 31))
        self.succeed("publish", period="2026-10", months="2")
        rows = self.rows_by_month()
        for table in ("line_shift", "line_stop", "shift_production", "staging_area"):
            self.sql(f"DROP TABLE {table}")
        self.succeed("publish", period="2026-10", months="2", DATA="/nowhere")
        self.assertEqual(self.rows_by_month(), rows)

    def test_result_is_as_of_the_latest_that_was_kept(self):
        self.begin_history()
        for table, at in (("production_day", "2026-10-30 07:01:02"), ("failure_month", "2026-10-29 05:00:00")):
            self.sql(f"UPDATE {table} SET kept_at = '{at}'")
        self.succeed("publish", period="2026-10")
        ((seconds,),) = self.sql("SELECT UNIX_TIMESTAMP(kept_at) FROM production_day")
        self.assertEqual(self.header()["asOf"], datetime(1970, 1, 1) + timedelta(seconds=float(seconds)))

    def test_without_a_history_it_says_what_has_to_run(self):
        # Never reported; reported on another day; MTTF alone.
        self.assertIn("daily-production and mean-time-to-failure have to run first", self.fails(66, "publish"))
        self.day("2026-10-29")
        self.assertIn("daily-production and mean-time-to-failure have to run first", self.fails(66, "publish"))
        self.failures("2026-10")
        self.assertIn("has nothing of 2027-01 to 2027-12", self.fails(66, "publish", period="2027-12", months="12"))
        self.assertIn("expected 2 to 120", self.fails(64, "publish", months="1"))
