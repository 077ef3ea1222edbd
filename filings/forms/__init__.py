"""Which statement forms exist, and what do their titles and columns look like (预算表、决算表的格式)?

The forms are data (`forms.toml`, `_columns.toml`, `families.toml`, `items.toml`); this module loads and validates them. Adding a
form or a variant of a header is adding an entry there, never code: in the package, or in a folder of one's own that
`YUSUAN_FORMS` names, whose files have the same names and shapes and come before the packaged entries.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Role = Literal["code", "name", "unit_name", "unit_code", "period", "label", "text", "value"]
Kind = Literal["coded", "lists", "periods", "labelled", "targets", "tasks"]


FORMS_FOLDER_VARIABLE = "YUSUAN_FORMS"
"""Environment variable that names a folder of further forms; a folder that it names must exist."""

UNRECOGNISED = "unrecognised"
"""Statement type of a table that looks like a statement and matches no form; it has no entry in ``forms.toml``."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _require_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is no regular expression, and an empty one: it would match everything.

    Raises:
        ValueError: Which pattern and why.
    """
    for pattern in patterns:
        try:
            matches_nothing_printed = re.compile(pattern).fullmatch("") is not None
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        if matches_nothing_printed:
            raise ValueError(f"{pattern!r} matches an empty label")
    return patterns


@cache
def known_words(kind: Literal["measures", "items"]) -> frozenset[str]:
    """The canonical measures or items of ``vocabulary.toml``."""
    text = resources.files("filings").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[kind])


class ColumnPattern(_Strict):
    """How one kind of column is recognised by its header path.

    Args:
        role: What the column holds.
        measure: Canonical measure of a value column (see ``vocabulary.toml``).
        labels: Regular expressions, any of which must be found in the folded header path.
        except_labels: Regular expressions, none of which may be found.
        year: Years relative to the fiscal year, where the label itself prints no year.
    """

    role: Role
    measure: str | None = None
    labels: tuple[str, ...]
    except_labels: tuple[str, ...] = Field(default=(), alias="except")
    year: int = 0

    @field_validator("labels", "except_labels")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _require_patterns(patterns)

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if (self.role == "value") != (self.measure is not None):
            raise ValueError("a column has a measure exactly if its role is value")
        if self.measure is not None and self.measure not in known_words("measures"):
            raise ValueError(f"{self.measure} is not a measure of vocabulary.toml")
        if not self.labels:
            raise ValueError("a column without labels is never found")
        return self

    def matches(self, path_key: str) -> bool:
        """Whether a folded header path is this kind of column."""
        searched, excepted = self._patterns_searched
        return any(pattern.search(path_key) for pattern in searched) and not any(
            pattern.search(path_key) for pattern in excepted
        )

    @cached_property
    def _patterns_searched(self) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
        return tuple(map(re.compile, self.labels)), tuple(map(re.compile, self.except_labels))


class Layout(_Strict):
    """Header paths of one variant, column by column; ``Y`` stands for a year's four digits."""

    columns: tuple[str, ...]


class _FormEntry(_Strict):
    zh: str
    kind: Kind
    titles: tuple[str, ...]
    use: tuple[str, ...]
    first: tuple[ColumnPattern, ...] = ()
    layouts: tuple[Layout, ...] = ()
    group_names: bool = False
    nested_labels: bool = False

    @field_validator("titles")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        if not patterns:
            raise ValueError("a form without titles is never found")
        return _require_patterns(patterns)

    def extended(self, other: _FormEntry) -> _FormEntry:
        """This entry before another of the same form."""
        if self.kind != other.kind:
            raise ValueError(f"{self.zh}: kind {self.kind} here and {other.kind} in the packaged form")
        return self.model_copy(
            update={
                "titles": self.titles + other.titles,
                "use": tuple(dict.fromkeys(self.use + other.use)),
                "first": self.first + other.first,
                "layouts": self.layouts + other.layouts,
                "group_names": self.group_names or other.group_names,
                "nested_labels": self.nested_labels or other.nested_labels,
            }
        )


class _ColumnGroup(_Strict):
    columns: tuple[ColumnPattern, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One statement form (一种预算表).

    Args:
        statement_type: Canonical type, e.g. ``general_budget_expenditure``.
        zh: Its Chinese name.
        kind: The kind of rows it holds.
        titles: Patterns of its title, to match whole.
        columns: Column patterns; the first that matches decides.
        layouts: Known header layouts, to fill what a transcription lost.
        group_names: Whether a row label stands under a group label (name = group/label).
        nested_labels: Whether rows of an outer label stand over those of the inner ones, each with its amount.
    """

    statement_type: str
    zh: str
    kind: Kind
    titles: tuple[re.Pattern[str], ...]
    columns: tuple[ColumnPattern, ...]
    layouts: tuple[Layout, ...]
    group_names: bool
    nested_labels: bool = False

    def find_column(self, path_key: str) -> ColumnPattern | None:
        """Find what a folded header path stands for in this form, or None if the form does not know it."""
        return next((column for column in self.columns if column.matches(path_key)), None)


class ItemPattern(_Strict):
    """How a row without a code is recognised by its label; ``labels`` must match the whole folded label."""

    item: str
    labels: tuple[str, ...]

    @field_validator("labels")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _require_patterns(patterns)

    @field_validator("item")
    @classmethod
    def _known(cls, item: str) -> str:
        if item not in known_words("items"):
            raise ValueError(f"{item} is not an item of vocabulary.toml")
        return item


class Family(_Strict):
    """How a set of forms is recognised: any of these titles, or any of these (type, measure) columns, is printed."""

    family: str
    zh: str
    titles: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


def find_forms_folder() -> Path | None:
    """The folder of further forms that `YUSUAN_FORMS` names, or None.

    Raises:
        NotADirectoryError: If it names no folder, rather than reading filings without the forms that were meant.
    """
    named = os.environ.get(FORMS_FOLDER_VARIABLE)
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise NotADirectoryError(f"{FORMS_FOLDER_VARIABLE} names {named}, which is not a folder")
    return folder


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _read_further(name: str, folder: Path | None) -> dict[str, object]:
    if folder is None or not (folder / name).is_file():
        return {}
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def load_forms(folder: Path | None = None) -> tuple[Form, ...]:
    """Load the packaged forms, and before them those of a folder of one's own.

    An entry of the folder whose name the package has too adds its titles, columns and layouts to that form; a column group
    of the folder must have a name of its own.

    Raises:
        pydantic.ValidationError: If an entry is malformed.
        KeyError: If a form uses a column group that does not exist.
        ValueError: If an entry contradicts the packaged one of the same name.
    """
    packaged_groups, further_groups = _read("_columns.toml"), _read_further("_columns.toml", folder)
    if both := packaged_groups.keys() & further_groups.keys():
        raise ValueError(f"column groups {sorted(both)} are packaged already: give them another name")
    groups = {name: _ColumnGroup.model_validate(entry) for name, entry in (further_groups | packaged_groups).items()}
    packaged = {name: _FormEntry.model_validate(entry) for name, entry in _read("forms.toml").items()}
    further = {name: _FormEntry.model_validate(entry) for name, entry in _read_further("forms.toml", folder).items()}
    if UNRECOGNISED in further:
        raise ValueError(f"{UNRECOGNISED} is the type of tables without a form: give the form another name")
    merged = {name: entry.extended(packaged[name]) if name in packaged else entry for name, entry in further.items()}
    return tuple(build_form(name, entry, groups) for name, entry in (merged | _without(packaged, merged)).items())


def _without(packaged: dict[str, _FormEntry], merged: dict[str, _FormEntry]) -> dict[str, _FormEntry]:
    return {name: entry for name, entry in packaged.items() if name not in merged}


def build_form(statement_type: str, model: _FormEntry, groups: dict[str, _ColumnGroup]) -> Form:
    """Build one form from its data entry and the shared column groups."""
    columns = model.first + tuple(column for group in model.use for column in groups[group].columns)
    return Form(
        statement_type=statement_type,
        zh=model.zh,
        kind=model.kind,
        titles=tuple(re.compile(title) for title in model.titles),
        columns=columns,
        layouts=model.layouts,
        group_names=model.group_names,
        nested_labels=model.nested_labels,
    )


@cache
def all_forms() -> tuple[Form, ...]:
    """All statement forms, those of `YUSUAN_FORMS` first, then in the order of ``forms.toml``."""
    return load_forms(find_forms_folder())


def form_of(statement_type: str) -> Form:
    """The form of a statement type.

    Raises:
        KeyError: If there is none.
    """
    return {form.statement_type: form for form in all_forms()}[statement_type]


@cache
def unrecognised_form() -> Form:
    """The form of tables that look like a statement and match no form: it knows codes and names, and no measure."""
    groups = _ColumnGroup.model_validate(_read("_columns.toml")["codes"])
    return Form(UNRECOGNISED, "未识别的表", "coded", (), groups.columns, (), group_names=False)


def _entries(name: str, table: str) -> list[object]:
    """The entries of an array of tables, those of a folder of one's own first."""
    entries: list[object] = []
    for read in (_read_further(name, find_forms_folder()), _read(name)):
        found = read.get(table, [])
        if not isinstance(found, list):
            raise ValueError(f"{name}: {table} must be an array of tables")
        entries.extend(found)
    return entries


@cache
def all_items() -> tuple[ItemPattern, ...]:
    """Row labels and the canonical items they stand for, in order of precedence."""
    return tuple(ItemPattern.model_validate(entry) for entry in _entries("items.toml", "items"))


@cache
def all_families() -> tuple[Family, ...]:
    """Families of forms (中央、上海、深圳、江苏……), in order of precedence."""
    return tuple(Family.model_validate(entry) for entry in _entries("families.toml", "families"))


@cache
def form_data_hash() -> str:
    """SHA-256 of all form and code data, one's own included: part of the extractor's version.

    So a changed form is read anew.
    """
    digest = hashlib.sha256()
    for package in (__package__, "filings.codes", "filings.narrative", "filings"):
        for entry in sorted(resources.files(package).iterdir(), key=lambda item: item.name):
            if entry.name.endswith((".toml", ".csv")) and entry.name != "tables.toml":
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    if (folder := find_forms_folder()) is not None:
        for path in sorted(folder.glob("*.toml")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
