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

Every value is checked against its column first (see `columns`); where one is wrong, nothing is written.

A file goes to `report_stage_files`, as GridFS has it (.files and .chunks), under the name
    <report>/<attempt>/<stage>/<sha256>
and counts once `files` of the same document of `report_results` names it: readers then get it in place of the one that
would be made of the rows.

As a program, for stages in shell: reads tab-separated lines, and takes NAME:TYPE for each column, for example
    publish-rows account:string closing:decimal closed:date <rows.tsv
    publish-rows --as-of 2026-11-01T05:58:00Z --file pdf=report.pdf account:string closing:decimal <rows.tsv
Types are string, integer, decimal, date (2026-10-31), month (2026-10), timestamp (2026-10-31T13:45:00Z), boolean. An
empty field is null, but for strings. --as-of is when the source was read; the start of the first stage where it isn't
given. --file is a file of a format (pdf, xlsx, csv, html, json). `python3 -m report_stage.results` is the same program.

Where: in the database that MONGODB_URI names, "reports" if it names none. A stage that is tried by hand (without
REPORT_ID) writes to one beside it, "reports_by_hand", unless REPORT_DATABASE names another.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from report_stage import columns as checks
from report_stage import stage

if TYPE_CHECKING:
    from pymongo.database import Database

BUCKET_BYTES = 900_000  # of rows; below 1 MB with the fields around them
HELD_BYTES = 32 << 20  # of buckets before they are sent; more wait in a file
NOT_AUTHORIZED = 13  # MongoDB's code
CHUNK_BYTES = 255 * 1024  # of a file, as GridFS has it
# What a file of each format begins with, where that is always the same.
FIRST_BYTES = {"pdf": b"%PDF-", "xlsx": b"PK\x03\x04", "csv": b"", "html": b"", "json": b""}


class Published(NamedTuple):
    rows: int
    buckets: int


def publish(
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    *,
    as_of: datetime | None = None,
    files: Mapping[str, Path] | None = None,
    uri: str | None = None,
) -> Published | None:
    """Publishes rows whose columns have these names and types, as the result of this report, and says so in the log.

    Takes Python's own values: str, int, Decimal, date, datetime, bool and None. `as_of` is when the source was read
    that they come from; `files` are those that this stage has made itself, by their format, such as
    {"pdf": Path("report.pdf")}; `uri` is MONGODB_URI where it isn't given. Where no MongoDB is configured, the rows are
    checked, and what a stage prints is all there is.

    For example:

        results.publish({"account": "string", "closing": "decimal"}, [["Assets:Cash", Decimal("10.50")]])
    """
    uri = uri or os.environ.get("MONGODB_URI")
    published = write(columns, rows, uri, as_of=as_of, files=files)
    if published is None:
        print("publish: MONGODB_URI is not set, so no rows are written")
    else:
        place = f"in {published.buckets} buckets of attempt {stage.REPORT_ATTEMPT}"
        print(f"publish: {published.rows} rows in MongoDB, {place}")
    return published


def write(
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    uri: str | None,
    limit: int = BUCKET_BYTES,
    are_texts: bool = False,
    as_of: datetime | None = None,
    files: Mapping[str, Path] | None = None,
) -> Published | None:
    """Checks all rows, and then writes them: nothing is written if one is wrong, or where no server is named."""
    if as_of and as_of.utcoffset() is None:
        stage.fail(stage.BAD_DATA, f"as_of {as_of} says nothing about its time zone")
    require_none(checks.faults_of_columns(columns))
    faults = checks.Faults()
    good_rows = checks.checked(columns, rows, faults, are_texts)
    if not uri:
        for _ in good_rows:
            pass
        require_none(faults)
        return None

    publication = Publication(columns, limit)
    with tempfile.SpooledTemporaryFile(max_size=HELD_BYTES) as waiting:
        publication.prepare(good_rows, waiting)
        require_none(faults)
        waiting.seek(0)
        database = database_at(uri)
        with_hint(lambda: publication.send(waiting, database, as_of, files or {}))
    return Published(publication.rows, publication.buckets)


def with_hint(send: Callable[[], None]) -> None:
    """Says of a refusal that a stage by hand meets what to do about it."""
    from pymongo.errors import OperationFailure

    try:
        send()
    except OperationFailure as failure:
        if failure.code != NOT_AUTHORIZED or stage.REPORT_ID != stage.BY_HAND:
            raise
        advice = "give its user the role reportsStages of roles.json as it is now, or set REPORT_DATABASE"
        stage.fail(stage.UNAVAILABLE, f"MongoDB: {failure.details['errmsg']}", f"a stage by hand: {advice}")


def require_none(faults: checks.Faults) -> None:
    stage.fail_for(faults.words, others=faults.count - len(faults.words))


def buckets(rows: Iterable[list[object]], limit: int = BUCKET_BYTES) -> Iterator[list[list[object]]]:
    """The rows in order, in lists of at most `limit` bytes each; a larger row has a list of its own."""
    import bson

    bucket: list[list[object]] = []
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


class Publication:
    """Rows on their way to MongoDB: as documents that wait until all of them are known to be right."""

    def __init__(self, columns: Mapping[str, str], limit: int) -> None:
        self.columns = [{"name": name, "type": kind} for name, kind in columns.items()]
        self.limit = limit
        self.fields = {"reportID": stage.REPORT_ID, "attempt": stage.REPORT_ATTEMPT, "publication": uuid.uuid4().hex}
        self.place = "/".join(map(str, self.fields.values()))
        self.rows = self.buckets = 0

    def prepare(self, rows: Iterable[list[object]], waiting: IO[bytes]) -> None:
        import bson

        stored_rows = ([stored(value) for value in row] for row in rows)
        for n, bucket in enumerate(buckets(stored_rows, self.limit)):
            document = {"_id": f"{self.place}/{n}", **self.fields, "n": n, "columns": self.columns, "rows": bucket}
            waiting.write(bson.encode(document))
            self.rows, self.buckets = self.rows + len(bucket), n + 1

    def send(
        self, waiting: IO[bytes], database: "Database[Any]", as_of: datetime | None, files: Mapping[str, Path]
    ) -> None:
        from bson.raw_bson import RawBSONDocument
        from pymongo.errors import DuplicateKeyError

        header: dict[str, object] = {
            **self.fields,
            "buckets": self.buckets,
            "rows": self.rows,
            "columns": self.columns,
        }
        published_files = {kind: publish_file(kind, path, database) for kind, path in files.items()}
        # A document of BSON begins with its length.
        while length := waiting.read(4):
            document = length + waiting.read(int.from_bytes(length, "little") - 4)
            database.report_rows.insert_one(RawBSONDocument(document))
        header["publishedAt"] = datetime.now(timezone.utc)
        if as_of:
            header["asOf"] = as_of
        if published_files:
            header["files"] = published_files
        report, attempt = stage.REPORT_ID, stage.REPORT_ATTEMPT
        try:
            # Where a later attempt has published, the filter finds nothing, and the insertion meets that document.
            database.report_results.replace_one({"_id": report, "attempt": {"$lte": attempt}}, header, upsert=True)
        except DuplicateKeyError:
            stage.fail(stage.BAD_DATA, f"a later attempt than {attempt} has published already: its result stays")
        database.client.close()


def database_at(uri: str) -> "Database[Any]":
    from pymongo import MongoClient, WriteConcern

    client = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    name = database_name(client.get_default_database("reports").name)
    if stage.REPORT_ID == stage.BY_HAND:
        print(f"publish: tried by hand, so rows go to the database {name} (REPORT_DATABASE names another)")
    # What a majority has confirmed is not lost again.
    return client.get_database(name, write_concern=WriteConcern("majority"))


def database_name(usual: str) -> str:
    """Where rows go: what is tried by hand, without a request, must not stand among the reports."""
    return os.environ.get("REPORT_DATABASE") or (f"{usual}_by_hand" if stage.REPORT_ID == stage.BY_HAND else usual)


def publish_file(kind: str, path: Path, database: "Database[Any]") -> dict[str, object]:
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


def insert_once(collection: Any, document: dict[str, object]) -> None:
    from pymongo.errors import DuplicateKeyError

    try:
        collection.insert_one(document)
    except DuplicateKeyError:
        pass  # an earlier pod stored it; its name says that it is the same


def stored(value: object) -> object:
    """What MongoDB's driver takes for a value of Python's."""
    from bson.decimal128 import Decimal128

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


def instant(text: str) -> datetime:
    try:
        return checks.TYPES["timestamp"].read(text)  # type: ignore[return-value]
    except checks.Wrong as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} {wrong}") from None


def column_argument(text: str) -> tuple[str, str]:
    name, _, kind = text.rpartition(":")
    if not name or kind not in checks.TYPES:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME:TYPE; types are {', '.join(checks.TYPES)}")
    return name, kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", type=instant, metavar="TIME")
    parser.add_argument("--file", type=file_argument, action="append", default=[], metavar="FORMAT=PATH")
    parser.add_argument("columns", type=column_argument, nargs="+", metavar="NAME:TYPE")
    arguments = parser.parse_args()
    columns = dict(arguments.columns)
    if len(columns) < len(arguments.columns):
        parser.error("two columns have the same name")
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        stage.fail(stage.NO_CONFIGURATION, "MONGODB_URI is not set")
    lines = (line.rstrip("\n").split("\t") for line in sys.stdin)
    published = write(columns, lines, uri, are_texts=True, as_of=arguments.as_of, files=dict(arguments.file))
    if published:
        print(f"publish-rows: {published.rows} rows in {published.buckets} buckets")


def program() -> None:
    stage.run(main)


if __name__ == "__main__":
    program()
