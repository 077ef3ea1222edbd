"""What does a person at a terminal see while a run works, and how are tables and JSON printed?

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

STEP_TEXTS = {
    "start": "Starting the local Prefect server",
    "discover": "Looking for documents",
    "fetch": "Fetching documents",
    "extract": "Reading filings",
    "load": "Building the warehouse",
    "validate": "Checking every identity (Great Expectations)",
    "publish": "Publishing tables and Data Docs",
    "summarise": "Summing up",
}
"""Step -> what it does, in words; in the order of a run."""

out = Console(highlight=False, soft_wrap=True)
"""For results."""

err = Console(stderr=True, highlight=False)
"""For progress, warnings and errors."""


def fail(message: str) -> None:
    """Print why a command failed."""
    err.print(f"[bold red]yusuan:[/] {escape(message)}", soft_wrap=True)


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print a value as JSON; decimals as text, so that no reader makes floats of them."""
    out.print(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value), markup=False)


def plain(value: Any) -> str:  # noqa: ANN401
    """A value of a table's cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_json_value)
    return str(value)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """Print rows as a table; numbers to the right."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[index], int | Decimal | None) for row in rows)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(plain(value)) for value in row))
    Console(highlight=False).print(table)


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Print name and value, one pair a line."""
    width = max(map(len, pairs)) + 2
    for name, value in pairs.items():
        out.print(f"  {name:<{width}}{escape(value)}")


@contextmanager
def show_progress() -> Iterator[None]:
    """Show each step of the flows that run inside the block; on a terminal only."""
    if not err.is_terminal:
        yield
        return
    from flows.progress import listeners

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=False) as progress:
        tasks: dict[str, TaskID] = {}

        def listen(step: str, done: int, total: int) -> None:
            for earlier, task_id in tasks.items():
                if earlier != step:
                    progress.update(task_id, completed=progress.tasks[task_id].total)
            if step not in tasks:
                tasks[step] = progress.add_task(STEP_TEXTS[step], total=total)
            progress.update(tasks[step], completed=done, total=total)

        listeners.append(listen)
        listen("start", 0, 1)
        try:
            yield
            for task_id in tasks.values():
                progress.update(task_id, completed=progress.tasks[task_id].total)
        finally:
            listeners.remove(listen)


def _json_value(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
