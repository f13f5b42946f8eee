"""What a report's files cost beside what people would make them with; see hack/bench.

Each file is made by a process of its own, whose processor time and highest memory are the kernel's figures.
"""
import argparse
import os
import subprocess
import sys
import tempfile

from table import head, note, row

PEER_LIMIT = 900


def measure(*command):
    """Processor time in seconds and the highest memory in MiB of a command, up to where `timeout` ended it."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 124):
        raise RuntimeError(f"{command[0]} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure_workbook(options, peers, folder):
    """Half a million rows, three times by turns: both are quick enough for the machine's load to matter."""
    count = options.workbook_rows
    ours, theirs = [], []
    for turn in range(3):
        note(f"measuring xlsx, turn {turn + 1}")
        ours.append(measure(options.program, "xlsx", count, f"{folder}/ours.xlsx"))
        theirs.append(measure(sys.executable, peers, "xlsxwriter", count, f"{folder}/theirs.xlsx"))
    seconds, their_seconds = (sum(time for time, _ in runs) / len(runs) for runs in (ours, theirs))
    row(f"workbook of {count:,} rows of 8 columns, against XlsxWriter ({their_seconds:.1f} s; ours {seconds:.1f} s)",
        f"{their_seconds / seconds:.1f} times as fast", at_least="4 times")
    row("the same, highest memory, and XlsxWriter's", f"{max(memory for _, memory in ours):.1f} MiB, "
        f"{max(memory for _, memory in theirs):.1f} MiB", at_most="20 MiB")
    few = measure(options.program, "xlsx", 1000, f"{folder}/ours.xlsx")
    row("the same of 1,000 rows", f"{few[1]:.1f} MiB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, help="RenderingBench")
    parser.add_argument("--rows", type=int, default=10_000, help="rows for the comparison")
    parser.add_argument("--workbook-rows", type=int, default=500_000, help="rows of the workbook")
    options = parser.parse_args()
    peers = os.path.join(os.path.dirname(__file__), "peers.py")
    head()
    with tempfile.TemporaryDirectory() as folder:
        ours = lambda count: measure(options.program, "pdf", count, f"{folder}/ours.pdf")
        note("measuring pdf")
        seconds, memory = ours(100_000)
        row("PDF of 100,000 rows of 8 columns, processor time", f"{seconds:.1f} s", at_most="4 s")
        row("the same, highest memory", f"{memory:.0f} MiB", at_most="40 MiB")
        row("the same of 10,000 rows", f"{ours(10_000)[1]:.0f} MiB", at_most="40 MiB")
        row("the same of 1,000,000 rows", f"{ours(1_000_000)[1]:.0f} MiB", at_most="40 MiB")
        for name, target in ("reportlab", "15"), ("weasyprint", "150"):
            note(f"measuring {name}")
            # Before and after, since the machine's load changes meanwhile.
            before = ours(options.rows)[0]
            theirs, memory = measure("timeout", PEER_LIMIT, sys.executable, peers, name, options.rows, f"{folder}/theirs.pdf")
            between = (before + ours(options.rows)[0]) / 2
            row(f"{options.rows:,} rows, against {name} ({theirs:.1f} s, {memory:.0f} MiB; ours {between:.2f} s)",
                f"{theirs / between:.0f} times as fast", at_least=f"{target} times")
        measure_workbook(options, peers, folder)
    note("done")


if __name__ == "__main__":
    main()
