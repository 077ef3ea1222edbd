"""Which extractor read a document: the code that reads, the rules that judge its readings, and the data of the forms, by content.

A change of either reads every document anew; results of another extractor are never reused.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from filings.forms import form_data_hash

CODE_PACKAGES = ("filings", "tasks.extract")
"""The packages whose code decides what is read in a document."""

RULES = ("expectations", ("rule.py", "working_tables.py"), "rules")
"""The package of the rules that judge an open reading: its modules and its folder of declarations."""


@cache
def extractor_version() -> str:
    """Version of the extractor, e.g. ``0.1.0+1a2b3c4d.5e6f7a8b``: release, code, forms."""
    digest = hashlib.sha256()
    for package in CODE_PACKAGES:
        _add_code(digest, resources.files(package))
    package, modules, folder = RULES
    rules = resources.files(package)
    declarations = sorted(rules.joinpath(folder).iterdir(), key=lambda item: item.name)
    for entry in [rules.joinpath(module) for module in modules] + declarations:
        digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return f"0.1.0+{digest.hexdigest()[:8]}.{form_data_hash()[:8]}"


def _add_code(digest: hashlib._Hash, folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            _add_code(digest, entry)
        elif entry.name.endswith(".py"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
