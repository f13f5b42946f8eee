"""The tests that pages name as what shows a claim: each has to exist, and each claim has to name one.

They stand in backticks: `Suite` or `Suite/test`, of tests in Swift, with the target before it where two suites have one name
(`Target.Suite/test`); and `Folder/test_x`, of tests in Python. A suite's name ends in Tests.
"""

import re
from pathlib import Path

PAGES = ("threat-model", "reliability")
# Commands of hack/ look like one.
NAME = re.compile(r"`(?:(\w+)\.)?(?!hack/)(\w+Tests(?=`)|\w+(?=/))(?:/(\w+))?`")
SUITE = re.compile(r"^(?:@Suite.* )?(?:package |final |private )*(?:struct|class|actor|extension) (\w+Tests)\b", re.MULTILINE)
SWIFT_TEST = re.compile(r"@Test\b(?:(?!\bfunc\b).)*\bfunc (\w+)\(", re.DOTALL)
PYTHON_TEST = re.compile(r"^    def (test_\w+)\(", re.MULTILINE)
# What nothing has to show.
EXCUSED = "(nothing to show)"


def tests_of(root: Path) -> dict[tuple[str, str], set[str]]:
    """The tests by the folder of the target and the name of the suite; those in Python have their folder's name."""
    known: dict[tuple[str, str], set[str]] = {}
    for file in (root / "Tests").rglob("*.swift"):
        text = file.read_text()
        target = file.relative_to(root / "Tests").parts[0]
        for suite in SUITE.findall(text):
            known.setdefault((target, suite), set()).update(SWIFT_TEST.findall(text))
    for file in (root / "Tests").rglob("test_*.py"):
        folder = file.relative_to(root / "Tests").parts[0]
        known.setdefault((folder, folder), set()).update(PYTHON_TEST.findall(file.read_text()))
    return known


def faults(root: Path) -> list[str]:
    known = tests_of(root)
    found: list[str] = []
    for page in PAGES:
        lines = (root / f"docs/{page}.md").read_text().splitlines()
        for number, line in enumerate(lines, start=1):
            place = f"docs/{page}.md:{number}"
            named = NAME.findall(line)
            for target, suite, test in named:
                suites = [tests for key, tests in known.items() if key[1] == suite and target in ("", key[0])]
                if not suites:
                    found.append(f"{place}: there is no suite {target and target + '.'}{suite}")
                elif test and not any(test in tests for tests in suites):
                    found.append(f"{place}: {suite} has no test {test}")
            # The line of dashes, and the head above it, claim nothing.
            is_head = any(each.startswith("| ---") for each in lines[number - 1 : number + 1])
            if line.startswith("| ") and not is_head and not named and EXCUSED not in line:
                found.append(f"{place}: no test is named that shows it")
    return found
