"""Prints what MongoDB and Redis have of a report (see hack/lib/services/show-record)."""

import json
import os
import subprocess
import sys

from pymongo import MongoClient
from pymongo.errors import PyMongoError

RECORD_FIELDS = (
    "_id", "namespace", "name", "pipeline", "requester", "parameters", "phase", "reason", "message", "attempt",
    "createdAt", "queuedAt", "startedAt", "completedAt", "deletedAt",
)  # fmt: skip
SHOWN_STREAM_ENTRIES = 5


def text(value) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {text(member)}" for key, member in value.items())
    if hasattr(value, "isoformat"):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return str(value).rstrip("\n")


def show_record(database, namespace: str, request: str) -> str:
    """Prints the record, and returns the report's id: what was given, if there is no record to tell."""
    record = database.reports.find_one(
        {"$or": [{"_id": request}, {"namespace": namespace, "name": request}]}, sort=[("createdAt", -1)]
    )
    if record is None:
        print(f"MongoDB has no record of {request} in reports.reports.")
        return request
    print("The record in MongoDB, reports.reports:")
    for field in RECORD_FIELDS:
        if record.get(field) is not None:
            print(f"  {field:<12} {text(record[field])}")
    for stage in record.get("stages") or []:
        code = "" if stage.get("exitCode") is None else f", exit code {stage['exitCode']}"
        print(f"  {'stage':<12} {stage.get('name')}: {stage.get('phase')}{code}")
    return record["_id"]


def show_events(database, report: str) -> None:
    print("Its events, reports.report_events:")
    count = 0
    for event in database.report_events.find({"requestUID": report}).sort("sequence", 1):
        what = " ".join(filter(None, (event.get("stage"), event["phase"])))
        reason = f" ({event['reason']})" if event.get("reason") else ""
        print(f"  {text(event['at'])}  attempt {event['attempt']}  {what}{reason}")
        count += 1
    if not count:
        print("  none")


def show_result(database, report: str) -> None:
    result = database.report_results.find_one({"_id": report})
    if result is None:
        print("It has published no rows.")
        return
    print(
        f"Its result, reports.report_results: {result['rows']} rows in {result['buckets']} buckets of reports.report_rows,"
        f" attempt {result['attempt']}, published {text(result['publishedAt'])}"
    )
    if "asOf" in result:
        print(f"  as of {text(result['asOf'])}")
    place = "/".join(str(result[part]) for part in ("_id", "attempt", "publication") if part in result)
    first = database.report_rows.find_one({"_id": f"{place}/0"})
    if first and first["rows"]:
        columns = [column["name"] for column in first["columns"]]
        print(f"  the first: {text(dict(zip(columns, first['rows'][0])))}")


def show_stream(report: str) -> None:
    command = ["redis-cli", "-u", os.environ["REDIS_URL"], "--no-auth-warning", "--json"]
    answer = subprocess.run(
        [*command, "XREVRANGE", "reports:events", "+", "-", "COUNT", "1000"],
        capture_output=True, text=True, timeout=10, check=False,
    )  # fmt: skip
    if answer.returncode:
        print(f"Redis does not answer: {answer.stderr.strip()}")
        return
    entries = []
    for identifier, fields in json.loads(answer.stdout or "[]"):
        # A map, or names and values in turn, as the protocol has it.
        if isinstance(fields, list):
            fields = dict(zip(fields[::2], fields[1::2]))
        if fields.get("uid") == report:
            entries.append((identifier, fields.get("event", fields)))
    if not entries:
        print("Redis has none of its events in the stream reports:events.")
        return
    print(f"In Redis, the last of {len(entries)} events in the stream reports:events:")
    for identifier, event in reversed(entries[:SHOWN_STREAM_ENTRIES]):
        print(f"  {identifier}  {event}")


def main() -> None:
    namespace, request = sys.argv[1:]
    report = request
    try:
        database = MongoClient(os.environ["MONGODB_URI"], serverSelectionTimeoutMS=3000).reports
        report = show_record(database, namespace, request)
        show_events(database, report)
        show_result(database, report)
    except PyMongoError as error:
        print(f"MongoDB does not answer: {error}")
    show_stream(report)


if __name__ == "__main__":
    main()
