"""Do the filings of a department and of its units agree (部门与所属单位)?

Which units belong to a department is told from the names in its filing; the findings say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from expectations.cross_numbers import Comparison, Number, alone, compare_each, read_numbers
from expectations.instances import Instance, Query
from expectations.text.paragraphs import FilingText, read_texts

_SHARED = {
    "general_budget_expenditure": ("total", "basic", "project"),
    "government_fund": ("total",),
    "three_public": (
        "three_public_total", "overseas_travel", "vehicle_total", "vehicle_purchase", "vehicle_operation", "official_reception",
    ),
}  # fmt: skip
"""What a department's units have no more of than the department: appropriations, which do not pass from one to another."""

_BELONGING = (
    "所属关系按部门文件中写明的单位名称判断",
    "that the units belong to the department is told from their names in its filing",
)


def check_units(query: Query) -> Iterator[Instance]:
    """The units of a department together have no more of its appropriations than the department has."""
    for department, units, numbers in _departments(query):
        own = alone(numbers[department.filing_id])
        others = [(name, alone(numbers[unit_id])) for unit_id, name in units]
        found: list[Comparison] = []
        for key in ((kind, measure, None) for kind, measures in _SHARED.items() for measure in measures):
            parts = {name: of_unit[key] for name, of_unit in others if key in of_unit}
            if key in own and parts:
                found.append(Comparison(own[key], list(parts.values()), f"所属单位（{'、'.join(parts)}）"))
        yield from compare_each(department.filing_id, found, _BELONGING, at_least=True)


def check_unit_rows(query: Query) -> Iterator[Instance]:
    """What a department's statement prints for a unit is what the unit's own filing prints as its total."""
    for department, units, numbers in _departments(query):
        rows = [
            row
            for row in numbers[department.filing_id]
            if row.code is None and row.statement_type in ("revenue", "expenditure")
        ]
        for unit_id, name in units:
            own = alone(numbers[unit_id])
            found = [
                Comparison(row, [own[key]], f"{name}的文件")
                for row in rows
                if row.unit_name == name and (key := (row.statement_type, row.key[1], None)) in own
            ]
            yield from compare_each(department.filing_id, found, _BELONGING)


_DEPARTMENTS = """
SELECT f.filing_id, f.issuer, f.fiscal_year, f.report_type, f.region FROM filings AS f
SEMI JOIN w_filings AS w ON w.filing_id = f.filing_id
WHERE f.scope = 'department' AND f.superseded_by IS NULL AND f.joined_into IS NULL AND f.issuer IS NOT NULL
"""
_UNITS = "SELECT * FROM filings WHERE scope = 'unit' AND superseded_by IS NULL AND joined_into IS NULL AND issuer IS NOT NULL"

_NEAR = f"""
SELECT u.fiscal_year, u.report_type, u.region, u.issuer, u.filing_id FROM ({_UNITS}) AS u
SEMI JOIN ({_DEPARTMENTS}) AS d
  ON d.fiscal_year = u.fiscal_year AND d.report_type = u.report_type AND d.region IS NOT DISTINCT FROM u.region
ORDER BY u.filing_id
"""
"""The units of the years and regions of the batch's departments."""

_NAMED = f"""
WITH departments AS ({_DEPARTMENTS}), names AS (
    SELECT filing_id, issuer AS name FROM departments
    UNION
    SELECT l.filing_id, l.unit_name FROM line_items AS l SEMI JOIN departments AS d ON d.filing_id = l.filing_id
    WHERE l.unit_name IS NOT NULL
)
SELECT n.filing_id, n.name, u.filing_id FROM names AS n JOIN departments AS d ON d.filing_id = n.filing_id
LEFT JOIN ({_UNITS}) AS u ON u.issuer = n.name AND u.fiscal_year = d.fiscal_year AND u.report_type = d.report_type
ORDER BY 1, 2, 3
"""
"""The names that each department's tables print for units, its own among them, with the filings of units so named."""


def _departments(
    query: Query,
) -> Iterator[tuple[FilingText, list[tuple[str, str]], Mapping[str, list[Number]]]]:
    """Each department with the filings of its units: those that its tables name, or of its region those that its text names."""
    near: dict[tuple[Any, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for *year_and_region, issuer, filing_id in query(_NEAR):
        near[tuple(year_and_region)][issuer].append(filing_id)
    names = {group: Names(units) for group, units in near.items()}
    printed: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for filing_id, name, unit_id in query(_NAMED):
        printed[filing_id][name] += [unit_id] if unit_id else []
    groups: dict[str, tuple[Any, ...]] = {row[0]: tuple(row[2:]) for row in query(_DEPARTMENTS)}
    departments: list[tuple[FilingText, list[tuple[str, str]]]] = []
    for filing in read_texts(query):
        if filing.filing_id not in groups:
            continue
        group, of_tables = groups[filing.filing_id], printed[filing.filing_id]
        units = [(unit_id, name) for name, unit_ids in of_tables.items() for unit_id in unit_ids]
        for name in sorted(names[group].find(filing.plain)) if group in names else ():
            units += [(unit_id, name) for unit_id in near[group][name] if name not in of_tables]
        if units and len({name for _, name in units}) == len(units):
            departments.append((filing, units))
    wanted = {one for filing, units in departments for one in (filing.filing_id, *(unit_id for unit_id, _ in units))}
    numbers = read_numbers(query, wanted, "l.code IS NULL")
    for filing, units in departments:
        yield filing, units, numbers


class Names:
    """Names of bodies that are looked for in texts.

    The time for a text grows with its length, and not with the number of names: names are looked up, by their first
    characters and then whole, once for each length that names with this beginning have.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._beginning: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name in names:
            self._beginning[name[:_BEGINNING]][len(name)].add(name)

    def find(self, text: str) -> set[str]:
        """The names that stand anywhere in a text."""
        found: set[str] = set()
        for at in range(len(text)):
            for length, names in self._beginning.get(text[at : at + _BEGINNING], {}).items():
                if (words := text[at : at + length]) in names:
                    found.add(words)
        return found


_BEGINNING = 2
"""Characters of a name by which it is looked up first: most names of a region begin with it, most places of a text do not."""
