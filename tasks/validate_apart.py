"""Why is validation done in a process of its own?

Great Expectations keeps connections open that nobody can close, and DuckDB lets no one write to a database that is open
in the same process. And it takes seconds to import: here that happens while the warehouse is being built.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tasks.data_dir import DataDir
from tasks.validate import ValidationReport
from tasks.workers import Workers
from tasks.workers.outcome import Limits

_WORKERS = Workers("tasks.validate:validate_warehouse", preload=("expectations.suite",))


def warm_up_validation() -> None:
    """Begin to import what validation needs."""
    _WORKERS.warm_up()


def validate_apart(candidate: Path, docs_dir: Path, earlier: Path | None) -> ValidationReport:
    """`tasks.validate.validate_warehouse` in a process of its own.

    Args:
        candidate: The database file; closed.
        docs_dir: Folder for the Data Docs.
        earlier: The warehouse in place, to take results over from; None: judge everything anew.

    Returns:
        The report.

    Raises:
        ProgramFaultError: Validation itself failed; carries its traceback.
    """
    report: ValidationReport = _WORKERS.run((candidate, docs_dir, earlier), Limits()).value
    return report


def data_docs_folder(run_id: str, data: DataDir) -> Path:
    """Where a run writes the Data Docs of its validation; those of a run that fails stay there to be looked at."""
    return data.runs / f"{run_id}-data-docs"


def remove_data_docs(data: DataDir) -> None:
    """Remove what this and earlier runs wrote: the published copy is with the warehouse."""
    for folder in data.runs.glob("*-data-docs"):
        shutil.rmtree(folder, ignore_errors=True)
