"""Candidate → what analysts see: summary tables, files for people and programs, and the swap that places them."""

from tasks.publish.promotion import promote
from tasks.publish.publication import PublishReport, publish_warehouse

__all__ = ["PublishReport", "promote", "publish_warehouse"]
