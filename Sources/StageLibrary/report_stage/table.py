"""A table as text, for the log of a stage."""

from collections.abc import Iterable, Sequence


def print_table(heading: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str], texts: int = 1) -> None:
    """Prints rows with a heading above and a total below. The first `texts` columns are text, the others numbers."""
    rows = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(heading, total, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.ljust(width) if n < texts else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(aligned).rstrip()

    rule = "  ".join("-" * width for width in widths)
    print(line(heading), rule, *map(line, rows), rule, line(total), sep="\n")
