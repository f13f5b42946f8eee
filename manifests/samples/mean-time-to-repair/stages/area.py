"""The staging area of this report."""

from pathlib import Path

from report_stage.staging import StagingArea

STAGING = StagingArea(
    "mean-time-to-repair", Path(__file__).resolve().with_name("schema.sql"), "repair_time", "open_ticket", "breakdown"
)
