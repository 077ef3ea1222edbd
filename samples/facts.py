"""Reads a sample's facts: leaf amounts, names and prose parameters, from which everything printed is derived.

Amounts are strings in TOML and become `Decimal`; no total, parent row, change or share is ever in the facts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from samples.chart import ZERO, Amounts, read_chart, sum_amounts
from samples.layout import PageStyle, TableStyle

FACTS_FOLDER = Path(__file__).parent / "facts"
"""One TOML file of facts per sample, and the chart of names they share."""


class Facts:
    """The facts of one sample, with typed access; a wrong key or a missing amount raises `KeyError`.

    Args:
        name: The sample's name.
        data: The parsed TOML.
    """

    def __init__(self, name: str, data: Mapping[str, Any]) -> None:
        self.name = name
        self.data = data
        self.names = {**read_chart(FACTS_FOLDER / "chart.csv"), **data.get("names", {})}

    @property
    def year(self) -> int:
        """The fiscal year (预算年度)."""
        return int(self.data["year"])

    @property
    def issuer(self) -> str:
        """The publishing body (发布单位)."""
        return str(self.data["issuer"])

    def text(self, key: str) -> str:
        """A text among the facts."""
        value = self.data[key]
        if not isinstance(value, str):
            raise TypeError(f"{self.name}: {key} is no text")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts among the facts."""
        return [str(item) for item in self.data[key]]

    def amount(self, table: str, key: str) -> Decimal:
        """One amount of a table of facts; zero where it is not given."""
        return Decimal(self.data[table].get(key, "0"))

    def leaves(self, table: str, where: Mapping[str, str] | None = None) -> dict[str, Amounts]:
        """Leaf amounts by code: every entry of the table whose other keys match, non-amounts left out."""
        leaves: dict[str, Amounts] = {}
        for entry in self.data[table]:
            if any(entry.get(key) != value for key, value in (where or {}).items()):
                continue
            amounts = {key: Decimal(value) for key, value in entry.items() if key in self.measures(table)}
            code = str(entry["code"])
            leaves[code] = sum_amounts([leaves.get(code, {}), amounts])
        return leaves

    def measures(self, table: str) -> frozenset[str]:
        """The keys of that table that hold amounts."""
        return frozenset(self.data["measures"][table])

    def economic(
        self, table: str, totals: Mapping[str, Decimal], functions: Mapping[str, Decimal]
    ) -> dict[str, Amounts]:
        """Economic leaves, in which ``=<code>`` restates a function item and ``rest`` takes what is left of the total.

        Args:
            table: The table of facts: economic code → {measure: amount}.
            totals: Measure → what the table has to add up to.
            functions: Function code → the amount that ``=<code>`` stands for.
        """
        leaves: dict[str, dict[str, Decimal]] = {}
        rests: list[tuple[str, str]] = []
        for code, entry in self.data[table].items():
            leaves[code] = {}
            for measure, value in ({"basic": entry} if isinstance(entry, str) else entry).items():
                if value == "rest":
                    rests.append((code, measure))
                elif value.startswith("="):
                    leaves[code][measure] = sum((functions[item] for item in value[1:].split("+")), ZERO)
                else:
                    leaves[code][measure] = Decimal(value)
        for code, measure in rests:
            leaves[code][measure] = totals[measure] - sum_amounts(leaves.values()).get(measure, ZERO)
        for measure, total in totals.items():
            found = sum_amounts(leaves.values()).get(measure, ZERO)
            if found != total or any(leaf.get(measure, ZERO) < 0 for leaf in leaves.values()):
                raise ValueError(
                    f"{self.name}: {table} adds up to {found} {measure}, not {total}, or has a negative rest"
                )
        return {code: leaf for code, leaf in leaves.items() if any(leaf.values())}

    def page_style(self) -> PageStyle:
        """How the filing is set."""
        return PageStyle(**{key: value for key, value in self.data.get("style", {}).items() if key != "tables"})

    def table_style(self, statement_type: str) -> TableStyle:
        """How one statement is set."""
        given = dict(self.data.get("style", {}).get("tables", {}).get(statement_type, {}))
        if "break_after" in given:
            given["break_after"] = tuple(given["break_after"])
        return TableStyle(**given)


def read_facts(name: str) -> Facts:
    """The facts of the sample of that name."""
    return Facts(name, tomllib.loads((FACTS_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


def list_samples() -> list[str]:
    """The names of all samples."""
    return sorted(path.stem for path in FACTS_FOLDER.glob("*.toml"))
