"""Build the warehouse anew from the Parquet files, without looking at any source."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, runtime

from flows.data_folder import resolve_data_dir
from flows.promote import GateClosedError, promote
from tasks.run_lock import hold_promotion_lock
from tasks.run_record import new_run_id


@flow(name="rebuild", flow_run_name="rebuild", persist_result=False)
def rebuild(data: str | None = None) -> None:
    """Load → validate → publish, whether there is news or not.

    Args:
        data: The data folder; without it the setting YUSUAN_DATA, else ./data.

    Raises:
        GateClosedError: Validation failed; the last good warehouse stays.
    """
    folder = resolve_data_dir(data)
    with hold_promotion_lock(folder):
        failures = promote(folder, new_run_id(datetime.now(UTC), str(runtime.flow_run.id)), anew=True)
    if failures:
        raise GateClosedError("; ".join(failures))
