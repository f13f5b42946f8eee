"""A report's staging area in the warehouse, that all its runs share: who may load it, and whose lines it has.

One run at a time is what a pipeline's `concurrency` promises. Nothing here relies on it alone: a run that was taken for
dead may wake up, and somebody may run a stage by hand. So each stage asks, in the transaction that uses the lines.
"""

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pymysql

from report_stage import stage
from report_stage.warehouse import connect_to_warehouse

# One row for each report. `fence` is the highest that has ever loaded; `period` the month or day that was asked for.
OWNERS = """
CREATE TABLE IF NOT EXISTS staging_area (
    name      VARCHAR(64)  NOT NULL PRIMARY KEY,
    report_id VARCHAR(64)  NOT NULL,
    period    VARCHAR(64)  NOT NULL,
    fence     BIGINT       NOT NULL,
    loaded_at TIMESTAMP(3) NOT NULL
) ENGINE = InnoDB
"""


def fence() -> int | None:
    """The number of this run's turn, that grows with every turn; None where nobody counts."""
    text = os.environ.get("REPORT_FENCE", "")
    return int(text) if text else None


class StagingArea:
    """The tables of one report, that schema.sql makes in the warehouse.

    `tables` are those that a load replaces; rows that refer to others first.
    """

    def __init__(self, name: str, schema: Path, *tables: str):
        self.name = name
        self.schema = schema
        self.tables = tables

    def load(self, period: str, *inserts: tuple[str, list[Any]]) -> None:
        """Replaces what is staged by these rows, with each statement's own: all of it or nothing, so that a pod that is
        killed meanwhile has changed nothing.
        """
        warehouse = connect_to_warehouse()
        with warehouse.cursor() as cursor:
            self._create_tables(cursor)
            warehouse.begin()
            self._take_over(cursor, period)
            for statement, rows in inserts:
                cursor.executemany(statement, rows)
        warehouse.commit()
        warehouse.close()

    def _create_tables(self, cursor: pymysql.cursors.Cursor) -> None:
        cursor.execute(OWNERS)
        # No string in it holds a semicolon; comments do.
        text = "\n".join(line.partition("--")[0] for line in self.schema.read_text(encoding="utf-8").splitlines())
        for statement in filter(str.strip, text.split(";")):
            cursor.execute(statement)
        # Not within the load's transaction: it would share the row's lock there, and two loads would wait for each
        # other.
        cursor.execute("INSERT IGNORE INTO staging_area VALUES (%s, '', '', 0, NOW(3))", [self.name])
        cursor.connection.commit()

    def _take_over(self, cursor: pymysql.cursors.Cursor, period: str) -> None:
        """Empties the staging area for this run, within the transaction that then loads it.

        The row stays locked until that ends, so a second load waits and no stage sees half of one. (TRUNCATE would end
        the transaction at once.) A run with a fencing number gives way to any that had a later turn.
        """
        cursor.execute("SELECT report_id, fence FROM staging_area WHERE name = %s FOR UPDATE", [self.name])
        owner, highest = cursor.fetchone()
        own = fence()
        if own is not None and own < highest:
            stage.fail(
                stage.BAD_DATA,
                f"the staging area was loaded in a later turn (fence {highest}, by report {owner});"
                f" this run's turn {own} is over, nothing was changed",
            )
        for table in self.tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(
            "UPDATE staging_area SET report_id = %s, period = %s, fence = %s, loaded_at = NOW(3) WHERE name = %s",
            [stage.REPORT_ID, period, max(highest, own or 0), self.name],
        )

    def require_own(self, cursor: pymysql.cursors.Cursor, period: str) -> datetime:
        """Fails unless the staged lines are this run's; until the transaction ends they stay so.

        Returns when they were loaded: what is made of them is as of then.
        """
        try:
            cursor.execute(
                "SELECT report_id, period, UNIX_TIMESTAMP(loaded_at) FROM staging_area WHERE name = %s"
                " LOCK IN SHARE MODE",
                [self.name],
            )
        except pymysql.err.ProgrammingError:  # no such table
            owner = None
        else:
            owner = cursor.fetchone()
        if owner is None:
            stage.fail(stage.NO_INPUT, "nothing has been staged: extract has to run first")
        report, staged_period, seconds = owner
        loaded_at = datetime.fromtimestamp(float(seconds), timezone.utc)
        if (report, staged_period) != (stage.REPORT_ID, period):
            stage.fail(
                stage.BAD_DATA,
                f"the staged lines are not this run's: report {report} loaded those of {staged_period} at"
                f" {loaded_at:%Y-%m-%d %H:%M:%S} UTC, and this is report {stage.REPORT_ID} for {period};"
                " make a new request, so that extract loads them again",
            )
        return loaded_at
