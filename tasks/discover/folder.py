"""What documents are in a folder?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tasks.sources import WrongSourceError

_NOT_DOCUMENT_NAMES = frozenset({"thumbs.db", "desktop.ini", "makefile", "license", "notice"})
"""Files that systems, mail programs and projects put into folders."""

_NOT_DOCUMENT_SUFFIXES = frozenset(
    {".py", ".pyc", ".sh", ".bat", ".exe", ".dll", ".js", ".css", ".toml", ".ini", ".cfg", ".yml", ".yaml", ".json",
     ".lnk", ".tmp", ".part", ".crdownload", ".sha256", ".md5"}
)  # fmt: skip
"""Programs, settings and unfinished downloads; no government body publishes a filing in these."""

_NOT_DOCUMENT_STEM = re.compile(r"^(readme|changelog)$", re.IGNORECASE)
"""What describes a folder is not one of its documents."""


def is_document_name(name: str) -> bool:
    """False for names that are obviously no document: hidden files, locks, programs, settings, a README."""
    path = Path(name)
    return not (
        name.startswith((".", "~$"))
        or name.lower() in _NOT_DOCUMENT_NAMES
        or path.suffix.lower() in _NOT_DOCUMENT_SUFFIXES
        or _NOT_DOCUMENT_STEM.match(path.stem)
    )


def walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
    """Regular files under a folder, by name. A link back to a folder that is being walked ends there."""
    status = folder.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except PermissionError as error:
        raise WrongSourceError(f"{folder}: not readable by this user") from error
    for entry in entries:
        if entry.is_dir():
            if not entry.name.startswith(".") and entry.name not in ("__pycache__", "__MACOSX"):
                yield from walk(entry, above | {identity})
        elif entry.is_file():
            yield entry
