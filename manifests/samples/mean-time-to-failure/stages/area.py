"""The staging area of this report, and the time that it looks at."""

from datetime import date
from pathlib import Path

from report_stage import stage
from report_stage.staging import StagingArea

STAGING = StagingArea(
    "mean-time-to-failure",
    Path(__file__).resolve().with_name("schema.sql"),
    "failure_rate",
    "component_life",
    "work_order",
)


def window() -> tuple[str, date, date]:
    """The month that was asked for, and the days from the first (within) to the last (no more within) of the window."""
    period = stage.asked_period()
    months = stage.asked_integer("MONTHS", 1, 120)
    return period, stage.first_day_after(period, 1 - months), stage.first_day_after(period)
