#!/usr/bin/env python3
"""Publishes a report's rows to MongoDB, and files that a stage has made itself.

`report_rows` gets buckets of rows, each below 1 MB:
    {_id: "<report>/<attempt>/<publication>/<n>", reportID, attempt, publication, n, columns: [{name, type}],
     rows: [[value, …], …]}
and then `report_results` gets one document, which says that they are whole and whose attempt counts:
    {_id: "<report>", reportID, attempt, publication, buckets, rows, columns, asOf, files, publishedAt}
A reader goes by that document alone and takes the buckets 0 ..< buckets of its publication; so it never sees half of a
result. Running it again publishes again, under an id of its own: what was published before is never changed, and an
attempt never replaces what a later one has published.

A file goes to `report_stage_files`, as GridFS has it (.files and .chunks), under the name
    <report>/<attempt>/<stage>/<sha256>
and counts once `files` of the same document of `report_results` names it: readers then get it in place of the one that
would be made of the rows.

As a program, for stages in shell: reads tab-separated lines, and takes NAME:TYPE for each column, for example
    results.py account:string closing:decimal closed:date <rows.tsv
    results.py --as-of 2026-11-01T05:58:00Z --file pdf=report.pdf account:string closing:decimal <rows.tsv
Types are string, integer, decimal, date (2026-10-31), month (2026-10), timestamp (2026-10-31T13:45:00Z), boolean. An
empty field is null, but for strings. --as-of is when the source was read; the start of the first stage where it isn't
given. --file is a file of a format (pdf, xlsx, csv, html, json).
"""

import argparse
import hashlib
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import bson
from bson.decimal128 import Decimal128
from pymongo import MongoClient, WriteConcern
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

import stage

BUCKET_BYTES = 900_000  # of rows; below 1 MB with the fields around them
CHUNK_BYTES = 255 * 1024  # of a file, as GridFS has it
# What a file of each format begins with, where that is always the same.
FIRST_BYTES = {"pdf": b"%PDF-", "xlsx": b"PK\x03\x04", "csv": b"", "html": b"", "json": b""}

# From the text of a field to what MongoDB stores.
TYPES = {
    "string": str,
    "integer": int,
    "decimal": lambda text: Decimal128(text.replace(",", "")),
    "date": lambda text: datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=timezone.utc),
    "month": lambda text: datetime.strptime(text, "%Y-%m").replace(tzinfo=timezone.utc),
    "timestamp": lambda text: instant(text),
    "boolean": lambda text: {"true": True, "false": False}[text],
}


def instant(text: str) -> datetime:
    """Of RFC 3339, such as 2026-10-31T13:45:00Z or 2026-10-31T14:45:00+01:00."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"{text} says nothing about its zone, expected such as 2026-10-31T13:45:00Z")
    return moment


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


def database_at(uri: str) -> Database:
    client = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    # What a majority has confirmed is not lost again.
    return client.get_database("reports", write_concern=WriteConcern("majority"))


def publish(
    columns: list[dict],
    rows: Iterable[list],
    uri: str,
    limit: int = BUCKET_BYTES,
    as_of: datetime | None = None,
    files: dict[str, Path] | None = None,
) -> tuple[int, int]:
    """Writes the rows of this report's attempt, and returns how many rows and buckets these are.

    `as_of` is when the source was read that they come from; `files` are those that this stage has made itself, by their
    format, such as {"pdf": Path("report.pdf")}.
    """
    report, attempt, publication = stage.REPORT_ID, stage.REPORT_ATTEMPT, uuid.uuid4().hex
    database = database_at(uri)
    published_files = {kind: publish_file(kind, path, database) for kind, path in (files or {}).items()}
    row_count = bucket_count = 0
    for n, bucket in enumerate(buckets(rows, limit)):
        database.report_rows.insert_one(
            {
                "_id": f"{report}/{attempt}/{publication}/{n}",
                "reportID": report,
                "attempt": attempt,
                "publication": publication,
                "n": n,
                "columns": columns,
                "rows": bucket,
            }
        )
        row_count, bucket_count = row_count + len(bucket), n + 1
    header = {
        "reportID": report,
        "attempt": attempt,
        "publication": publication,
        "buckets": bucket_count,
        "rows": row_count,
        "columns": columns,
        "publishedAt": datetime.now(timezone.utc),
    }
    if as_of:
        header["asOf"] = as_of
    if published_files:
        header["files"] = published_files
    try:
        # Where a later attempt has published, the filter finds nothing, and the insertion meets that document.
        database.report_results.replace_one({"_id": report, "attempt": {"$lte": attempt}}, header, upsert=True)
    except DuplicateKeyError:
        stage.fail(stage.BAD_DATA, f"a later attempt than {attempt} has published already: its result stays")
    database.client.close()
    return row_count, bucket_count


def publish_file(kind: str, path: Path, database: Database) -> dict:
    """Stores a file of a format, and returns what `report_results` says of it. It counts once that document names it.

    Its name holds the fingerprint of its bytes: running it again stores nothing twice, and changes nothing.
    """
    first_bytes = FIRST_BYTES.get(kind)
    if first_bytes is None:
        stage.fail(stage.BAD_DATA, f"{path}: {kind!r} is no format; there are {', '.join(FIRST_BYTES)}")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            if not file.read(len(first_bytes)) == first_bytes:
                stage.fail(stage.BAD_DATA, f"{path}: begins otherwise than a {kind} file does")
            file.seek(0)
            name = f"{stage.REPORT_ID}/{stage.REPORT_ATTEMPT}/{stage.REPORT_STAGE}/{digest}"
            for n, chunk in enumerate(iter(lambda: file.read(CHUNK_BYTES), b"")):
                document = {"_id": f"{name}/{n}", "files_id": name, "n": n, "data": chunk}
                insert_once(database.report_stage_files.chunks, document)
    except OSError as error:
        stage.fail(stage.NO_INPUT, f"{path}: {error.strerror}")
    insert_once(
        database.report_stage_files.files,
        {
            "_id": name,
            "filename": name,
            "length": size,
            "chunkSize": CHUNK_BYTES,
            "uploadDate": datetime.now(timezone.utc),
            "metadata": {"reportID": stage.REPORT_ID, "format": kind, "sha256": digest},
        },
    )
    return {"name": name, "sha256": digest, "size": size}


def insert_once(collection, document: dict) -> None:
    try:
        collection.insert_one(document)
    except DuplicateKeyError:
        pass  # an earlier pod stored it; its name says that it is the same


def publish_table(types: dict[str, str], rows: Iterable[Iterable], as_of: datetime | None = None) -> None:
    """Publishes rows whose columns have these names and types, and says so in the log.

    `as_of` is when the source was read that they come from.

    Takes Python's own values: Decimal, date (as midnight UTC) and None too. Where no MongoDB is configured, the table
    that a stage prints is all there is.
    """
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        print("publish: MONGODB_URI is not set, so no rows are written")
        return
    columns = [{"name": name, "type": kind} for name, kind in types.items()]
    row_count, bucket_count = publish(columns, ([stored(value) for value in row] for row in rows), uri, as_of=as_of)
    print(f"publish: {row_count} rows in MongoDB, in {bucket_count} buckets of attempt {stage.REPORT_ATTEMPT}")


def stored(value: object) -> object:
    """What MongoDB's driver takes for a value of Python's."""
    if isinstance(value, Decimal):
        return Decimal128(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return value


def file_argument(text: str) -> tuple[str, Path]:
    kind, _, path = text.partition("=")
    if not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not FORMAT=PATH, such as pdf=report.pdf")
    return kind, Path(path)


def column_argument(text: str) -> dict:
    name, _, kind = text.rpartition(":")
    if not name or kind not in TYPES:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME:TYPE; types are {', '.join(TYPES)}")
    return {"name": name, "type": kind}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", type=instant, metavar="TIME")
    parser.add_argument("--file", type=file_argument, action="append", default=[], metavar="FORMAT=PATH")
    parser.add_argument("columns", type=column_argument, nargs="+", metavar="NAME:TYPE")
    arguments = parser.parse_args()
    columns = arguments.columns
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        stage.fail(stage.NO_CONFIGURATION, "MONGODB_URI is not set")

    def typed(number: int, line: str) -> list:
        fields = line.rstrip("\n").split("\t")
        try:
            return [
                None if not field and column["type"] != "string" else TYPES[column["type"]](field)
                for column, field in zip(columns, fields, strict=True)
            ]
        except KeyError as error:
            stage.fail(stage.BAD_DATA, f"line {number}: {error} is neither true nor false")
        except (ValueError, ArithmeticError) as error:
            stage.fail(stage.BAD_DATA, f"line {number}: {error}")

    # All lines are checked before any is written.
    rows = [typed(number, line) for number, line in enumerate(sys.stdin, start=1)]
    row_count, bucket_count = publish(columns, rows, uri, as_of=arguments.as_of, files=dict(arguments.file))
    print(f"results: {row_count} rows in {bucket_count} buckets")


if __name__ == "__main__":
    stage.run(main)
