"""What sources are registered, and is each registration sound?

One YAML file per source under ``deployments/sources/``. A mistake in one is told with the file, the line and the
field. This file knows nothing of networks and folders: it only reads registrations.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from tasks.sources.registration import TAG_SUFFIX, FolderEntry, Source, UrlsEntry

REGISTRY_SETTING = "YUSUAN_SOURCES"
"""Environment variable that names another registry folder than the bundled one."""

_BUNDLED_REGISTRY = Path(__file__).resolve().parents[2] / "deployments" / "sources"
"""The registry of this checkout."""


class WrongSourceError(ValueError):
    """A SOURCE that names nothing, or a registration that is not sound: wrong usage, to be corrected by the caller."""


def find_registry() -> Path:
    """The registry folder: ``YUSUAN_SOURCES`` or the bundled one; it need not exist."""
    configured = os.environ.get(REGISTRY_SETTING)
    return Path(configured) if configured else _BUNDLED_REGISTRY


def read_registry(registry: Path) -> Mapping[str, Source]:
    """All registered sources by name, in order of name.

    Raises:
        WrongSourceError: A registration is not sound; names file, line and field.
    """
    files = sorted(registry.glob("*.yml")) if registry.is_dir() else []
    return {source.name: source for source in map(read_source, files)}


def read_source(file: Path) -> Source:
    """Read one registration; relative folders come back absolute.

    Raises:
        WrongSourceError: Not YAML, or not a sound registration; names file, line and field.
    """
    try:
        text = file.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        source = Source.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongSourceError(f"{file}: not readable as YAML: {error}") from error
    except ValidationError as error:
        problems = [
            f"{file}:{_line(tree, problem['loc'])}: {_field(problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise WrongSourceError("\n".join(problems)) from error
    if source.name != file.stem:
        raise WrongSourceError(
            f"{file}: name: the file is called {file.stem}, the source {source.name}; they must agree"
        )
    entries = tuple(_absolute(entry, file.parent) for entry in source.entry_points)
    return source.model_copy(update={"entry_points": entries})


_Entry = TypeVar("_Entry")


def _absolute(entry: _Entry, base: Path) -> _Entry:
    if isinstance(entry, FolderEntry):
        return entry.model_copy(update={"folder": base / entry.folder})
    if isinstance(entry, UrlsEntry) and isinstance(entry.urls, Path):
        return entry.model_copy(update={"urls": base / entry.urls})
    return entry


def _place(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The location as it is in the file: without the names of the kinds that pydantic puts between."""
    return tuple(step for step in location if not str(step).endswith(TAG_SUFFIX))


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, _place(location))) or "the file"


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the innermost part of ``location`` that is in the file."""
    if node is None:
        return 1
    line = node.start_mark.line + 1
    for step in _place(location):
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                continue  # a missing field, or the name of a variant that pydantic tried
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line
