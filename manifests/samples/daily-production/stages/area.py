"""The staging area of this report."""

from pathlib import Path

from report_stage.staging import StagingArea

STAGING = StagingArea(
    "daily-production", Path(__file__).resolve().with_name("schema.sql"), "shift_production", "line_stop", "line_shift"
)
