"""Makes a replica set of one and its users, or tells whether it takes writes.

Usage: mongodb_admin.py setup|is-primary PORT, with MONGODB_ADMIN_PASSWORD and MONGODB_PASSWORD in the environment, and
MONGODB_STAGES_PASSWORD, MONGODB_COURIER_PASSWORD, MONGODB_READER_PASSWORD, MONGODB_BACKUP_PASSWORD where there are to be
users of the stages', the courier's, people's and the backup's own. setup waits for the server; again it does no harm. MONGODB_MEMBERS
names the members of a replica set of several, the one at PORT first.
"""

import json
import os
import sys
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

UNAUTHORIZED, ALREADY_INITIALIZED, AUTHENTICATION_FAILED, NODE_NOT_FOUND = 13, 23, 18, 74
ALREADY_THERE = 51002, 51003  # a role, a user
# In a checkout, or as manifests/samples/mongodb mounts them.
ROLES = Path(__file__).resolve().parents[3] / "manifests/samples/mongodb/roles.json"
if not ROLES.exists():
    ROLES = Path("/setup/roles.json")
USERS = {"stages": "reportsStages", "courier": "reportsCourier", "reader": "reportsReader", "backup": "backup"}


def connect(port: int, **options) -> MongoClient:
    # No background work: the process ends in a moment.
    options = {"serverSelectionTimeoutMS": 2000, **options}
    return MongoClient("127.0.0.1", port, directConnection=True, socketTimeoutMS=30000, **options)


def is_primary(port: int) -> bool:
    return connect(port).admin.command("hello")["isWritablePrimary"]


def initiate(client: MongoClient, port: int) -> None:
    # As long as there is no user, a client on loopback may make the replica set and the first user.
    hosts = os.environ.get("MONGODB_MEMBERS", f"127.0.0.1:{port}").split(",")
    # The first becomes the primary, which makes the users: only on loopback that is allowed.
    members = [{"_id": number, "host": host, "priority": 1 if number else 2} for number, host in enumerate(hosts)]
    deadline = time.monotonic() + 300
    while True:
        try:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            break
        except OperationFailure as failure:
            if failure.code == UNAUTHORIZED:
                sys.exit("mongodb: its user admin has another password than MONGODB_ADMIN_PASSWORD")
            if failure.code == ALREADY_INITIALIZED:
                break
            # Another member isn't there yet.
            if failure.code != NODE_NOT_FOUND or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    if not becomes_primary(port, 60):
        sys.exit("no primary was elected")


def becomes_primary(port: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_primary(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def make(client: MongoClient, command: str, name: str, **fields) -> None:
    try:
        client.admin.command(command, name, **fields)
    except OperationFailure as failure:
        if failure.code not in ALREADY_THERE:
            raise


def setup(port: int) -> None:
    password = os.environ["MONGODB_ADMIN_PASSWORD"]
    connect(port, serverSelectionTimeoutMS=60000).admin.command("ping")
    admin = connect(port, username="admin", password=password)
    try:
        admin.admin.command("listDatabases")
    except OperationFailure as failure:
        if failure.code != AUTHENTICATION_FAILED:
            raise
        client = connect(port)
        initiate(client, port)
        make(client, "createUser", "admin", pwd=password, roles=["root"])
        admin = connect(port, username="admin", password=password)
    # Started again, it was another's turn: it becomes primary when it has caught up, else at its next start.
    if not becomes_primary(port, 60):
        return
    for role in json.loads(ROLES.read_text()):
        privileges = [
            {"resource": {"db": grant.get("db", "reports"), "collection": grant["collection"]}, "actions": grant["actions"]}
            for grant in role["privileges"]
        ]
        make(admin, "createRole", role["role"], privileges=privileges, roles=[])
        admin.admin.command("updateRole", role["role"], privileges=privileges)
    make(admin, "createUser", "reports", pwd=os.environ["MONGODB_PASSWORD"], roles=["reportsOperator"])
    for name, role in USERS.items():
        if other_password := os.environ.get(f"MONGODB_{name.upper()}_PASSWORD"):
            make(admin, "createUser", name, pwd=other_password, roles=[role])


def main() -> None:
    command, port = sys.argv[1], int(sys.argv[2])
    try:
        if command == "setup":
            setup(port)
        elif not is_primary(port):
            sys.exit("not primary")
    except PyMongoError as error:
        sys.exit(f"mongodb: {error}")


if __name__ == "__main__":
    main()
