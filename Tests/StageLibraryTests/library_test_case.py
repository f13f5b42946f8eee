"""What the tests of the library of stages share: it runs as in a stage, in processes or in this one, without a server."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
LIBRARY = Path(__file__).resolve().parents[2] / "Sources/StageLibrary"
sys.path.insert(0, str(LIBRARY))


class LibraryTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.message = self.folder / "termination-log"
        self.message.write_text("")

    def run_stage(self, text: str, *arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess:
        """A stage of this text, in a process of its own; a variable that is empty isn't set."""
        path = self.folder / "publish.py"
        path.write_text(text)
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(LIBRARY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERMINATION_LOG": str(self.message),
            **variables,
        }
        environment = {name: value for name, value in environment.items() if value}
        return subprocess.run(
            [sys.executable, path, *arguments], env=environment, input=stdin, text=True, capture_output=True
        )
