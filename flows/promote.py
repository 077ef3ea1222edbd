"""From Parquet to the published warehouse: load → validate → publish, with the gate between the last two."""

from __future__ import annotations

from prefect.logging import get_run_logger

from flows.progress import announce
from flows.steps import load_task, publish_task, validate_task
from tasks.data_dir import DataDir
from tasks.load import remove_candidate
from tasks.validate_apart import data_docs_folder, remove_data_docs, warm_up_validation


class GateClosedError(RuntimeError):
    """The new warehouse did not pass validation; the last good one stays in place."""


def promote(data: DataDir, run_id: str, *, anew: bool = False) -> tuple[str, ...]:
    """Build the warehouse anew, validate it, and put it in place if it passes.

    Args:
        data: The data folder.
        run_id: Names the folder where the Data Docs of this validation are written.
        anew: Judge every filing, also those in which nothing has changed.

    Returns:
        Why it did not pass; empty if it was put in place.
    """
    logger = get_run_logger()
    announce("load")
    warm_up_validation()
    candidate = load_task(data)
    docs = data_docs_folder(run_id, data)
    announce("validate")
    report = validate_task(candidate, docs, None if anew else data.warehouse)
    if not report.gate_passed:
        remove_candidate(candidate, data)
        for failure in report.failures:
            logger.error("validation: %s", failure)
        logger.error("the new warehouse is not put in place, the last good one stays; see %s", docs)
        return (
            f"the new warehouse did not pass validation and the last good one stays in place; Data Docs: {docs}",
            *report.failures,
        )
    announce("publish")
    publish_task(candidate, docs, data)
    remove_data_docs(data)
    logger.info("%s and %s are up to date", data.warehouse, data.published_current)
    return ()
