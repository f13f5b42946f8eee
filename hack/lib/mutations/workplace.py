"""A copy of the checkout with its build, seen at the checkout's own path by what runs in it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from mutations import Edit

# One that doesn't end is no answer.
LIMIT_SECONDS = 1800


@dataclass(frozen=True)
class Verdict:
    # Of the tests that ran; none where the program itself ended.
    count: int
    # Their names, as suite/test.
    failed: list[str]


class Workplace:
    def __init__(self, root: Path):
        self.root = root

    def __enter__(self) -> "Workplace":
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        cache = Path(os.environ.get("REPORT_OPERATOR_CACHE") or Path(base) / "report-operator")
        cache.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="mutations-", dir=cache))
        try:
            self._copy()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    def _copy(self) -> None:
        listed = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=self.root, text=True
        )
        for name in listed.split("\0")[:-1] + ["Package.resolved"]:
            source, target = self.root / name, self.folder / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                # With its time, by which the build tells what has changed.
                shutil.copy2(source, target, follow_symlinks=False)
        build = self.root / ".build"
        if build.exists():
            left_out = shutil.ignore_patterns("release", "release.yaml")
            shutil.copytree(build, self.folder / ".build", symlinks=True, ignore=left_out)

    def change(self, edit: Edit) -> None:
        file = self.folder / edit.path
        file.write_text(file.read_text().replace(edit.find, edit.replace))

    def restore(self, edit: Edit) -> None:
        shutil.copy2(self.root / edit.path, self.folder / edit.path)

    def build(self) -> str | None:
        """What the compiler said, where it failed."""
        done = self._run("swift", "build", "--ignore-lock", "--build-tests")
        if done.returncode == 0:
            return None
        errors = [line for line in done.stdout.splitlines() if "error:" in line]
        return "\n".join(errors[:5]) or done.stdout[-2000:]

    def test(self, patterns: tuple[str, ...]) -> Verdict:
        results = self.folder / ".build/mutation-results"
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir(parents=True)
        # By the path that the program sees.
        output = self.root / ".build/mutation-results/tests.xml"
        filters = [word for pattern in patterns for word in ("--filter", pattern)]
        done = self._run(
            *("swift", "test", "--ignore-lock", "--skip-build", "--xunit-output", str(output)),
            *("--experimental-maximum-parallelization-width", "8", *filters),
        )
        try:
            cases = list(ElementTree.parse(results / "tests-swift-testing.xml").iter("testcase"))
        except (FileNotFoundError, ElementTree.ParseError):
            print(done.stdout[-2000:], file=sys.stderr)
            return Verdict(0, [])
        failed = {
            f"{case.attrib['classname'].split('.')[-1]}/{case.attrib['name'].split('(')[0]}"
            for case in cases
            if case.find("failure") is not None
        }
        return Verdict(len(cases), sorted(failed))

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        # The build of the checkout has paths in it. A lock of its own path would keep others' builds there waiting.
        inside = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"'
        process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", "-c", inside, "-", self.folder, self.root, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=LIMIT_SECONDS)
        except BaseException as error:
            # The test program is a grandchild.
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
        return subprocess.CompletedProcess(command, process.returncode, said)
