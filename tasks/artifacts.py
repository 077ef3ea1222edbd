"""What does an operator see of a run in the Prefect UI?

A table of the filings, a table of the quarantine where it is not empty, and a page that sums up the run.
"""

from __future__ import annotations

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.data_dir import DataDir
from tasks.run_record import RunRecord
from tasks.summary import Summary, read_summary


def describe_run(record: RunRecord, summary: Summary | None, data: DataDir) -> str:
    """The run as a Markdown page.

    Args:
        record: The run.
        summary: Of the warehouse in place after it; None where there is none.
        data: The data folder.
    """
    lines = [
        f"# Run {record.run_id}: {record.state.replace('_', ' ')}",
        "",
        *([f"**{record.failure}**", ""] if record.failure else []),
        f"{record.inputs} inputs: {record.extracted} extracted in this run, {record.reused} extracted before, "
        f"{record.quarantined} in quarantine.",
        "" if record.changed else "\nNothing was new: the warehouse was left as it is.\n",
    ]
    if summary is not None:
        lines += [
            "| The warehouse | |",
            "|---|---:|",
            f"| Filings | {summary.filings} |",
            f"| Statements | {summary.statements} |",
            f"| Amounts | {summary.line_items} |",
            f"| Checks evaluated | {summary.evaluated} |",
            f"| … exact | {summary.exact} |",
            f"| … within rounding | {summary.rounding} |",
            f"| … violated | {summary.violated} |",
            f"| Checks not evaluable | {summary.not_evaluable} |",
            "",
            f"Warehouse: `{data.warehouse}`  ",
            f"Published tables and Data Docs: `{data.published_current}`",
        ]
        if record.warnings:
            lines += ["", "## Warnings", "", *(f"- {_in_table(warning)}" for warning in record.warnings[:_MAX_ROWS])]
        if summary.quarantine:
            lines += ["", "## In quarantine", "", "| Input | Reason | What to do |", "|---|---|---|"]
            lines += [
                f"| {_in_table(row.source_uri)} | {row.reason_code} | {_in_table(row.reason)} |"
                for row in summary.quarantine[:_MAX_ROWS]
            ]
    return "\n".join(lines) + "\n"


_MAX_ROWS = 500
"""An artifact is a page to look at, not the table itself; that is in the warehouse."""


def _in_table(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def publish_artifacts(record: RunRecord, data: DataDir) -> None:
    """Create the run's artifacts."""
    summary = read_summary(data) if data.warehouse.exists() else None
    create_markdown_artifact(
        describe_run(record, summary, data), key="run-summary", description="What the run did and what is there now"
    )
    if summary is not None and summary.per_filing:
        # All values as text: table artifacts reject what JSON cannot hold, Decimal first of all.
        rows = [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in summary.per_filing[:_MAX_ROWS]
        ]
        create_table_artifact(rows, key="filings", description="The filings in the warehouse, with their checks")
    if summary is not None and summary.coverage:
        rows = [{name: "" if value is None else str(value) for name, value in row.items()} for row in summary.coverage]
        create_table_artifact(
            rows[:_MAX_ROWS],
            key="coverage",
            description="Filings by source and year: expected, found, loaded, quarantined, missing",
        )
    if summary is not None and summary.quarantine:
        create_table_artifact(
            [
                {
                    "input": row.source_uri,
                    "reason_code": row.reason_code,
                    "reason": row.reason,
                    "tries": str(row.attempts),
                }
                for row in summary.quarantine[:_MAX_ROWS]
            ],
            key="quarantine",
            description="Inputs that could not be used, and what to do",
        )


artifacts_task = task(name="summarise", task_run_name="summarise", persist_result=False)(publish_artifacts)
