"""The printed table, and waiting with a deadline."""
import os
import statistics
import sys
import time


def head():
    print("| what | measured | target |\n| --- | --- | --- |", flush=True)


def row(name, value, at_most="", at_least=""):
    target = f"≤ {at_most}" if at_most else f"≥ {at_least}" if at_least else ""
    print(f"| {name} | {value} | {target} |", flush=True)


def note(text):
    """To standard error, with the machine's load, without which no figure means much."""
    print(f"bench: {text} (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)


def middle_and_slowest(name, milliseconds, at_most):
    row(f"{name}, median of {len(milliseconds)}", f"{statistics.median(milliseconds):.1f} ms", at_most)
    row(f"{name}, slowest", f"{max(milliseconds):.1f} ms", at_most)


def wait(what, holds, limit=120.0, pause=0.05):
    """Waits for a condition with a deadline, and returns its value."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if value := holds():
            return value
        time.sleep(pause)
    raise TimeoutError(f"timed out after {limit:.0f} s waiting for: {what}")
