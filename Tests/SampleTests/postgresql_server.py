"""A PostgreSQL of Debian's for tests: on the loopback alone, in a folder of its own, with a password."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
PASSWORD = "secret-word"


class PostgreSQL:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/var/tmp"))
        # It doesn't run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        data, word = self.folder / "data", self.folder / "word"
        word.write_text(PASSWORD)
        word.chmod(0o644)
        self.run(
            "initdb",
            *("--pgdata", data, "--username", "reports", f"--pwfile={word}", "--auth=scram-sha-256"),
            *("--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"),
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = data
        self.options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c fsync=off"
        self.options += f" -c unix_socket_directories={self.folder}"
        self.start()

    def start(self) -> None:
        log = self.folder / "data" / "server.log"
        self.run("pg_ctl", "start", "--pgdata", self.data, "--log", log, "--wait", "--options", self.options)

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--wait")

    def run(self, program: str, *arguments: object) -> None:
        command = [*self.user, str(PROGRAMS / program), *map(str, arguments)]
        # What it starts keeps standard output open.
        result = subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if result.returncode:
            raise RuntimeError(f"{program}: {result.stderr.decode()}")

    def odbc(self, driver: str, database: str = "postgres", password: str = PASSWORD, more: str = "") -> str:
        place = f"Server=127.0.0.1;Port={self.port};Database={database}"
        return f"Driver={driver};{place};UID=reports;PWD={password};{more}"

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
