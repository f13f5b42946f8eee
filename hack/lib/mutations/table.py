"""The table of what was switched off and what noticed."""

from trial import Trial


def table(trials: list[Trial]) -> str:
    lines = ["| switched off | noticed by | s |", "| --- | --- | --- |"]
    for each in trials:
        lines.append(f"| {each.mutation.name}: {each.mutation.without} | {each.words} | {each.seconds:.0f} |")
    return "\n".join(lines)
