"""The code blocks of a page of docs/, as its readers copy them."""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What an older Kubernetes needs in place of the command before it, or after the name of a file.
OLDER_COMMAND = re.compile(r"^(.*?)\s+# before 1\.(\d+): (.+)$")
# What the local cluster needs in place of the command before it: the pages' commands are run in no other.
LOCAL_COMMAND = re.compile(r"^(.*?)\s+# in the local cluster: (.+)$")
FILE_NAME = re.compile(r"^# (\S+/\S+\.yaml)(?:, before 1\.(\d+): these lines too)?$")


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"docs/{self.page}.md:{self.line}"

    @property
    def file(self) -> tuple[str, int | None] | None:
        """The file that it is, as its first line says, and the minor version from which Kubernetes doesn't need it."""
        if found := FILE_NAME.match(self.text.splitlines()[0]):
            return found[1], int(found[2]) if found[2] else None
        return None

    def script(self, minor: int) -> str:
        """What a reader with Kubernetes 1.MINOR types."""
        lines = self.text.splitlines()
        if self.language == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        return "\n".join(command_for(line, minor) for line in lines) + "\n"


def command_for(line: str, minor: int) -> str:
    if found := OLDER_COMMAND.match(line):
        return found[3] if minor < int(found[2]) else found[1]
    if found := LOCAL_COMMAND.match(line):
        return found[2]
    return line


def blocks_of(folder: Path, page: str) -> list[Block]:
    text = (folder / f"{page}.md").read_text()
    if text.count("\n```") % 2:
        raise SystemExit(f"docs/{page}.md: a code block doesn't end")
    return [Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in FENCE.finditer(text)]
