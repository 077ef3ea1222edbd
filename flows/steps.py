"""The steps that run once per run, as Prefect tasks: never cached, never retried.

Each is whole or not at all by itself, and a failure in one is a fault that a person must see.
"""

from __future__ import annotations

from prefect import task

from tasks.discover import discover
from tasks.load import build_warehouse, is_current
from tasks.publish import publish_warehouse
from tasks.validate_apart import validate_apart

discover_task = task(name="discover", task_run_name="discover", persist_result=False)(discover)
is_current_task = task(name="compare", task_run_name="is there news?", persist_result=False)(is_current)
load_task = task(name="load", task_run_name="load", persist_result=False)(build_warehouse)
validate_task = task(name="validate", task_run_name="validate", persist_result=False)(validate_apart)
publish_task = task(name="publish", task_run_name="publish", persist_result=False)(publish_warehouse)
