#!/usr/bin/env python3
"""Publishes a report's rows to MongoDB.

`report_rows` gets buckets of rows, each below 1 MB:
    {_id: "<report>/<attempt>/<n>", reportID, attempt, n, columns: [{name, type}], rows: [[value, …], …]}
and then `report_results` gets one document, which says that they are whole and whose attempt counts:
    {_id: "<report>", reportID, attempt, buckets, rows, columns, publishedAt}
A reader goes by that document alone and takes the buckets 0 ..< buckets of its attempt; so it never sees half of a
result. Running it again writes the same documents again; an attempt never replaces what a later one has published.

As a program, for stages in shell: reads tab-separated lines, and takes NAME:TYPE for each column, for example
    results.py account:string closing:decimal closed:date <rows.tsv
Types are string, integer, decimal, date (2026-10-31). An empty field is null, but for strings.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timezone
from decimal import Decimal

import bson
from bson.decimal128 import Decimal128
from pymongo import MongoClient, ReplaceOne, WriteConcern
from pymongo.errors import DuplicateKeyError

import stage

BUCKET_BYTES = 900_000  # of rows; below 1 MB with the fields around them

# From the text of a field to what MongoDB stores.
TYPES = {
    "string": str,
    "integer": int,
    "decimal": lambda text: Decimal128(text.replace(",", "")),
    "date": lambda text: datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=timezone.utc),
}


def buckets(rows: Iterable[list], limit: int = BUCKET_BYTES) -> Iterator[list[list]]:
    """The rows in order, in lists of at most `limit` bytes each; a larger row has a list of its own."""
    bucket: list[list] = []
    size = 0
    for row in rows:
        # As an element of an array, besides the row's own bytes: type, index as text, its end.
        row_size = len(bson.encode({"": row})) + 10
        if bucket and size + row_size > limit:
            yield bucket
            bucket, size = [], 0
        bucket.append(row)
        size += row_size
    if bucket:
        yield bucket


def publish(columns: list[dict], rows: Iterable[list], uri: str, limit: int = BUCKET_BYTES) -> tuple[int, int]:
    """Writes the rows of this report's attempt, and returns how many rows and buckets these are."""
    report, attempt = stage.REPORT_ID, stage.REPORT_ATTEMPT
    client = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    # What a majority has confirmed is not lost again.
    database = client.get_database("reports", write_concern=WriteConcern("majority"))
    row_count = bucket_count = 0
    for n, bucket in enumerate(buckets(rows, limit)):
        document = {
            "_id": f"{report}/{attempt}/{n}",
            "reportID": report,
            "attempt": attempt,
            "n": n,
            "columns": columns,
            "rows": bucket,
        }
        database.report_rows.bulk_write([ReplaceOne({"_id": document["_id"]}, document, upsert=True)])
        row_count, bucket_count = row_count + len(bucket), n + 1
    header = {
        "reportID": report,
        "attempt": attempt,
        "buckets": bucket_count,
        "rows": row_count,
        "columns": columns,
        "publishedAt": datetime.now(timezone.utc),
    }
    try:
        # Where a later attempt has published, the filter finds nothing, and the insertion meets that document.
        database.report_results.update_one(
            {"_id": report, "attempt": {"$lte": attempt}}, {"$set": header}, upsert=True
        )
    except DuplicateKeyError:
        stage.fail(stage.BAD_DATA, f"a later attempt than {attempt} has published already: its result stays")
    client.close()
    return row_count, bucket_count


def publish_table(types: dict[str, str], rows: Iterable[Iterable]) -> None:
    """Publishes rows whose columns have these names and types, and says so in the log.

    Takes Python's own values: Decimal, date (as midnight UTC) and None too. Where no MongoDB is configured, the table
    that a stage prints is all there is.
    """
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        print("publish: MONGODB_URI is not set, so no rows are written")
        return
    columns = [{"name": name, "type": kind} for name, kind in types.items()]
    row_count, bucket_count = publish(columns, ([stored(value) for value in row] for row in rows), uri)
    print(f"publish: {row_count} rows in MongoDB, in {bucket_count} buckets of attempt {stage.REPORT_ATTEMPT}")


def stored(value: object) -> object:
    """What MongoDB's driver takes for a value of Python's."""
    if isinstance(value, Decimal):
        return Decimal128(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return value


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        stage.fail(stage.NO_CONFIGURATION, "MONGODB_URI is not set")
    columns = [dict(zip(("name", "type"), argument.split(":"), strict=True)) for argument in sys.argv[1:]]

    def typed(number: int, line: str) -> list:
        fields = line.rstrip("\n").split("\t")
        try:
            return [
                None if not field and column["type"] != "string" else TYPES[column["type"]](field)
                for column, field in zip(columns, fields, strict=True)
            ]
        except (ValueError, ArithmeticError) as error:
            stage.fail(stage.BAD_DATA, f"line {number}: {error}")

    # All lines are checked before any is written.
    rows = [typed(number, line) for number, line in enumerate(sys.stdin, start=1)]
    row_count, bucket_count = publish(columns, rows, uri)
    print(f"results: {row_count} rows in {bucket_count} buckets")


if __name__ == "__main__":
    stage.run(main)
