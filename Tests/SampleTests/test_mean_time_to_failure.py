"""The stages of the sample "mean time to failure", compared with the authors' own figures and a plain computation."""

import csv
import sys
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import bson

from sample_test_case import DATA, SampleTestCase

TYPES = {
    "until": datetime,
    "months": int,
    "system": str,
    "components": int,
    "operatingDays": int,
    "failures": int,
    "suspensions": int,
    "mttfDays": bson.Decimal128,
}


def orders() -> list[dict]:
    """The file, read without the stage's code: a row is torn where its last field is no rule."""
    with (DATA / "excavators-cleaned.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        whole = row["Rule"].startswith("Rule_")
        text_torn = not row["PMType"].startswith("PM")
        row["asset"] = row["Asset"]
        row["day"] = date.fromisoformat(row["BscStartDate"])
        row["begins"] = row["Cost" if text_torn else "RunningTime"] == "NA" and not text_torn
        row["running"] = row["MajorSystem" if text_torn else "RunningTime"]
        row["failed"] = row["SuspSugg" if whole else "Rule"] == "0"
    return rows


class Component:
    """One system of one excavator: every day of its observation, and each life by its last day."""

    def __init__(self, rows: list[dict], last: date):
        self.days = {rows[0]["day"] + timedelta(days=n) for n in range((last - rows[0]["day"]).days)}
        self.ends = [(row["day"], row["failed"]) for row in rows[1:]]


def components() -> list[Component]:
    groups: list[list[dict]] = []
    rows = orders()
    for row in rows:
        if row["begins"]:
            groups.append([])
        groups[-1].append(row)
    last = {asset: max(row["day"] for row in rows if row["asset"] == asset) for asset in {r["asset"] for r in rows}}
    return [Component(group, last[group[0]["asset"]]) for group in groups]


def rounded(days: int, failures: int) -> Decimal | None:
    if not failures:
        return None
    exact = Fraction(days, failures)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


class MeanTimeToFailureTests(SampleTestCase):
    sample = "mean-time-to-failure"
    parameters = {"period": "2010-10", "months": "12", "years": "0"}

    def test_lives_are_those_that_the_authors_published(self):
        self.succeed("extract", "transform")
        lives = dict(self.sql("SELECT number, DATEDIFF(ended, began) FROM component_life WHERE outcome <> 'running'"))
        rows = orders()
        # A life is known by the work order that it begins with; the header is line 1.
        published = {n + 1: int(row["running"]) for n, row in enumerate(rows, start=1) if not row["begins"]}
        self.assertEqual(lives.keys(), {n - 1 for n in published})
        different = [n for n, days in published.items() if lives[n - 1] != days]
        # The authors followed the seats of three cabins apart from the rest of the cabin.
        for n in different:
            row = rows[n - 2]
            self.assertIn("seat", row["OriginalShorttext"].lower() + row["FuncLocation"].lower())
        self.assertEqual((len(lives), len(different)), (5328, 23))
        print(f"\n{len(lives) - len(different)} lives of {len(lives)} agree with the authors'", file=sys.stderr)

    def test_every_system_agrees_with_counting_days_and_failures_one_by_one(self):
        everything = components()
        for period, months, begin, end in (
            ("2010-10", "12", date(2009, 11, 1), date(2010, 11, 1)),
            ("2004-02", "1", date(2004, 2, 1), date(2004, 3, 1)),
            ("2012-12", "120", date(2003, 1, 1), date(2013, 1, 1)),
        ):
            with self.subTest(period=period):
                self.succeed(period=period, months=months)
                systems = dict(self.sql("SELECT component, system FROM work_order GROUP BY component, system"))
                wanted: dict[str, list[int]] = {}
                for number, component in enumerate(everything, start=1):
                    days = sum(begin <= day < end for day in component.days)
                    ends = [failed for day, failed in component.ends if begin <= day < end]
                    if days or ends:
                        sums = wanted.setdefault(systems[number], [0, 0, 0, 0])
                        for n, value in enumerate((1, days, ends.count(True), ends.count(False))):
                            sums[n] += value
                rows = {row["system"]: row for row in self.stored_rows()}
                self.assertEqual(rows.keys(), wanted.keys())
                for system, (count, days, failures, suspensions) in wanted.items():
                    row = rows[system]
                    self.assertEqual(
                        [row[name] for name in ("components", "operatingDays", "failures", "suspensions")],
                        [count, days, failures, suspensions],
                        system,
                    )
                    mttf = row["mttfDays"] and row["mttfDays"].to_decimal()
                    self.assertEqual(mttf, rounded(days, failures), system)

    def test_moving_by_sixteen_years_changes_no_figure(self):
        def figures(**options) -> list[dict]:
            self.succeed(**options)
            return [{**row, "until": None} for row in self.stored_rows()]

        self.assertEqual(figures(period="2008-03"), figures(period="2024-03", years="16"))

    def test_system_without_a_failure_has_no_mean(self):
        table = self.succeed()
        row = next(row for row in self.stored_rows() if row["system"] == "AfterCooler")
        self.assertEqual((row["failures"], row["mttfDays"], row["operatingDays"]), (0, None, 3 * 365))
        line = next(line for line in table.splitlines() if line.startswith("AfterCooler"))
        self.assertTrue(line.endswith("  -"), line)
        self.assert_typed(TYPES)

    def test_publish_refuses_rates_that_are_not_those_of_the_work_orders(self):
        self.assert_publish_refuses(
            ("UPDATE failure_rate SET failures = failures + 1 WHERE system = 'Bucket'", "Bucket: failures"),
            ("UPDATE failure_rate SET operating_days = 1094 WHERE system = 'Radio'", "Radio: operating_days 1094"),
            ("UPDATE failure_rate SET mttf_days = 14.61 WHERE system = 'Bucket'", "Bucket: mttf_days"),
            ("DELETE FROM failure_rate WHERE system = 'Engine'", "Engine: operating_days 0"),
        )

    def test_requests_that_the_work_orders_cannot_satisfy(self):
        for parameters, words in (
            ({"period": "2031-01"}, "outside the work orders"),
            ({"period": "2026-13"}, "expected a month"),
            ({"months": "0"}, "expected 1 to 120"),
            ({"years": "1", "period": "2005-10"}, "no counterpart 1 years later"),
        ):
            with self.subTest(**parameters):
                self.assertIn(words, self.fails(64, "extract", **parameters))

    def test_stages_in_the_wrong_order_and_of_another_run(self):
        self.assertIn("extract has to run first", self.fails(66, "transform"))
        self.succeed("extract")
        self.assertIn("transform has to run first", self.fails(66, "publish"))
        self.succeed("extract", report="other", period="2009-10")
        self.assertIn("report other loaded those of 2009-10", self.fails(65, "transform"))
