#!/usr/bin/python3
"""Stands for mongodump and mongorestore, by the names of which it is installed, in the servers' image of the local cluster:
MongoDB's own tools are in no package of Debian.

Usage: mongodump    --uri=URI [--config=FILE] --archive=FILE [--gzip] [--oplog]
       mongorestore --uri=URI [--config=FILE] --archive=FILE [--gzip] [--oplogReplay]

It takes the options that manifests/samples/mongodb-backup and mongodb-restore give, no others. A dump shows all databases but
the server's own (admin, config, local) at one moment, its beginning, with the options and indexes of their collections; it
has no users, which manifests/samples/mongodb makes by itself. It must end within the time for which the server keeps old
versions (five minutes). The file is not one of MongoDB's: BSON documents one after the other, of a head, of each collection,
of each of its documents, and of the end, so that a file that was cut off is told.
"""

import argparse
import gzip
import sys
from pathlib import Path

from bson import decode_file_iter, encode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.errors import BulkWriteError, PyMongoError

FORMAT = "report-operator dump 1"
OWN = {"admin", "config", "local"}
RAW = CodecOptions(document_class=RawBSONDocument)
BATCH = 1000


def main() -> None:
    name = Path(sys.argv[0]).name
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ("--uri", "--archive"):
        parser.add_argument(option, required=True)
    parser.add_argument("--config", type=Path, help="one line, password: PASSWORD")
    for option in ("--gzip", "--oplog", "--oplogReplay"):
        parser.add_argument(option, action="store_true", help="taken, and no other is possible")
    options = parser.parse_args()
    if not options.gzip:
        sys.exit(f"{name}: --gzip is missing")
    password = {"password": options.config.read_text().strip().removeprefix("password: ")} if options.config else {}
    try:
        client: MongoClient = MongoClient(options.uri, serverSelectionTimeoutMS=30000, **password)
        if name == "mongorestore":
            restore(client, options.archive)
        else:
            dump(client, options.archive)
    except (PyMongoError, OSError, EOFError, ValueError) as error:
        sys.exit(f"{name}: {error}")


def dump(client: MongoClient, path: str) -> None:
    moment = client.admin.command("ping")["operationTime"]
    total = 0
    with gzip.open(path, "wb") as file:
        file.write(encode({"format": FORMAT, "moment": moment}))
        for database in sorted(set(client.list_database_names()) - OWN):
            for found in client[database].list_collections(filter={"type": "collection"}):
                name = found["name"]
                if name.startswith("system."):
                    continue
                indexes = list(client[database][name].list_indexes())
                file.write(encode({"database": database, "collection": name, "options": found["options"], "indexes": indexes}))
                count = 0
                for document in documents(client, database, name, moment):
                    file.write(encode({"document": document}))
                    count += 1
                print(f"done dumping {database}.{name} ({count} documents)", flush=True)
                total += count
        file.write(encode({"end": total}))


def documents(client: MongoClient, database: str, collection: str, moment):
    """All of a collection as they were at that moment. By commands: this client knows of no such reads."""
    with client.start_session() as session:
        find = {"readConcern": {"level": "snapshot", "atClusterTime": moment}, "batchSize": BATCH}
        answer = client[database].command("find", collection, session=session, codec_options=RAW, **find)
        batch = answer["cursor"]["firstBatch"]
        while True:
            yield from batch
            cursor = answer["cursor"]["id"]
            if not cursor:
                return
            more = {"collection": collection, "batchSize": BATCH}
            answer = client[database].command("getMore", cursor, session=session, codec_options=RAW, **more)
            batch = answer["cursor"]["nextBatch"]


def restore(client: MongoClient, path: str) -> None:
    restored = failed = 0
    target, waiting, ended = None, [], False

    def flush() -> None:
        nonlocal restored, failed
        if not waiting:
            return
        try:
            target.insert_many(waiting, ordered=False, bypass_document_validation=True)
            restored += len(waiting)
        except BulkWriteError as error:
            failed += len(error.details["writeErrors"])
            restored += error.details["nInserted"]
            print(error.details["writeErrors"][0]["errmsg"], file=sys.stderr)
        waiting.clear()

    with gzip.open(path, "rb") as file:
        parts = decode_file_iter(file, RAW)
        if next(parts, {}).get("format") != FORMAT:
            raise ValueError(f"{path} is no dump of this program ({FORMAT})")
        for part in parts:
            if "document" in part:
                waiting.append(part["document"])
                if len(waiting) == BATCH:
                    flush()
                continue
            flush()
            if "end" in part:
                ended = part["end"] == restored + failed
                continue
            target = collection(client, part)
            print(f"restoring {target.full_name}", flush=True)
    print(f"{restored} document(s) restored successfully. {failed} document(s) failed to restore.")
    if not ended:
        raise ValueError(f"{path} isn't whole")
    if failed:
        sys.exit(1)


def collection(client: MongoClient, part):
    """The collection with its options and indexes, made where it isn't there."""
    database = client[part["database"]]
    if part["collection"] not in database.list_collection_names():
        database.command("create", part["collection"], **dict(part["options"]))
    if part["indexes"]:
        database.command("createIndexes", part["collection"], indexes=part["indexes"])
    return database[part["collection"]]


if __name__ == "__main__":
    main()
