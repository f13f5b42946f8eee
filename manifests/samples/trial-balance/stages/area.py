"""The staging area of this report."""

from pathlib import Path

from report_stage.staging import StagingArea

STAGING = StagingArea(
    "trial-balance",
    Path(__file__).resolve().with_name("schema.sql"),
    "tolerated_residual",
    "trial_balance",
    "ledger_line",
    "currency",
)
