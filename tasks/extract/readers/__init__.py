"""Readers: bytes -> ``Document``. One per format; none knows anything of budgets."""

from tasks.extract.readers.sniff import list_archived, read_document

__all__ = ["list_archived", "read_document"]
