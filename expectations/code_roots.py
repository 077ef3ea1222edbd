"""What follows from a misprinted code? Its row is missed where it belongs and stands where it does not.

A code that is found wrong by itself (its digits, its name, its place among the others) explains the parents and children that
seem to be missing, and every identity that is off by just the amount of its row. Knows rules only by what they declare
themselves to be about; which printed number explains other violations is told in `roots_sql`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.instances import Query
from expectations.rule import Rule
from expectations.text.code_names import chart, name_key
from expectations.text.code_rows import is_slip
from expectations.working_tables import quote_list, rows_of_values

TABLES = ("w_code_roots",)
"""The working table that is made here."""


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A finding about the code of a row; the smaller ``rank``, the better it says what is wrong."""

    instance_id: str
    rank: tuple[bool, int, int, str]
    cause: str | None
    row: _Row


@dataclass(frozen=True, slots=True)
class _Row:
    filing_id: str
    statement_id: str
    row_no: int
    code: str
    name: str

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return name_key(self.name)

    def may_be(self, code: str) -> bool:
        """Whether another code is meant by the printed one: a slip apart, or with its name in the chart."""
        return len(self.code) == len(code) and (
            is_slip(self.code, code) or any(name_key(one.name) == self.key for one in chart().get(code, ()))
        )


def find_code_roots(query: Query, rules: Sequence[Rule]) -> Iterator[str]:
    """The statements that tell which findings of a batch a misprinted code explains.

    Args:
        query: Reads the working tables of the batch.
        rules: The declarations, as they were declared.

    Yields:
        SQL; after the last one ``w_code_roots`` holds every finding so explained with the one that says it best, which
        stands there too, and whether an identity that is certainly violated proves it.
    """
    yield "CREATE OR REPLACE TEMP TABLE w_code_roots (instance_id VARCHAR, root_instance_id VARCHAR, is_proved BOOLEAN)"
    about = [number for number, rule in enumerate(rules) if rule.about == "code"]
    suspects = _suspects(query, about) if about else []
    if not suspects:
        return
    clusters = _cluster(query, suspects)
    heads = {row: min(one.rank for one in cluster)[-1] for cluster in clusters for row in {one.row for one in cluster}}
    explained = dict(_explained(query, heads))
    errors = {number for number, rule in enumerate(rules) if rule.severity == "error"}
    proved = {root for (_, rule_no), root in explained.items() if rule_no in errors}
    links = {one.instance_id: heads[one.row] for one in suspects} | {key[0]: root for key, root in explained.items()}
    several = {root for instance_id, root in links.items() if root != instance_id}
    rows = [(instance_id, root, root in proved) for instance_id, root in sorted(links.items()) if root in several]
    if rows:
        yield f"INSERT INTO w_code_roots VALUES {rows_of_values(rows)}"


def _suspects(query: Query, about: Sequence[int]) -> list[_Suspect]:
    rows = query(
        "SELECT i.instance_id, r.severity <> 'error', i.rule_no, i.cause, i.filing_id, l.statement_id, l.row_no, "
        "coalesce(l.code_key, ''), coalesce(l.name, '') "
        "FROM w_instances AS i JOIN w_rules AS r ON r.rule_no = i.rule_no JOIN w_raw AS l ON l.line_item_id = i.evidence[1].line_item_id "
        f"WHERE i.verdict = 'violated' AND i.rule_no IN ({', '.join(map(str, about))}) ORDER BY 1"
    )
    return [
        _Suspect(instance_id, (is_doubtful, rule_no, row[2], instance_id), cause, _Row(*row))
        for instance_id, is_doubtful, rule_no, cause, *row in rows
    ]


def _cluster(query: Query, suspects: Sequence[_Suspect]) -> list[list[_Suspect]]:
    """The suspects that one misprint explains together."""
    above = {one: one for one in {suspect.row for suspect in suspects}}

    def top(row: _Row) -> _Row:
        while above[row] != row:
            row = above[row]
        return row

    rows = {one.instance_id: one.row for one in suspects}
    pairs = [(one.row, rows[one.cause]) for one in suspects if one.cause in rows]
    pairs += _same_slips(above)
    pairs += _kin(query, above)
    for one, other in pairs:
        above[top(one)] = top(other)
    clusters: dict[_Row, list[_Suspect]] = defaultdict(list)
    for suspect in suspects:
        clusters[top(suspect.row)].append(suspect)
    return list(clusters.values())


def _same_slips(rows: Iterable[_Row]) -> list[tuple[_Row, _Row]]:
    """Rows of a filing with the same code and name: what was copied from statement to statement."""
    first: dict[tuple[str, str, str], _Row] = {}
    return [(row, first.setdefault((row.filing_id, row.code, row.key), row)) for row in rows]


def _kin(query: Query, rows: Iterable[_Row]) -> Iterator[tuple[_Row, _Row]]:
    """A row whose parent or children seem to be missing, and the row that is them under another code."""
    statements: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        statements[row.statement_id].append(row)
    several = [statement_id for statement_id, of_statement in statements.items() if len(of_statement) > 1]
    if not several:
        return
    printed: dict[str, set[str]] = defaultdict(set)
    for statement_id, code in query(
        "SELECT DISTINCT statement_id, code_key FROM w_raw WHERE code_key IS NOT NULL AND statement_id IN "
        f"({quote_list(several)})"
    ):
        printed[statement_id].add(code)
    for statement_id in several:
        for row in statements[statement_id]:
            parent = row.code[:-2]
            is_orphan = len(row.code) > len("208") and parent not in printed[statement_id]
            is_childless = not any(
                len(code) > len(row.code) and code.startswith(row.code) for code in printed[statement_id]
            )
            for other in statements[statement_id]:
                if other is row:
                    continue
                if (is_orphan and other.may_be(parent)) or (is_childless and _is_below(other, row.code)):
                    yield row, other


def _is_below(row: _Row, code: str) -> bool:
    """Whether the chart has the row's name under another code beneath one."""
    return any(
        name_key(one.name) == row.key
        for below, names in chart().items()
        if len(below) == len(code) + 2 and below.startswith(code)
        for one in names
    )


def _explained(query: Query, heads: dict[_Row, str]) -> Iterator[tuple[tuple[str, int], str]]:
    """Violated identities that are off by the amount of a suspect's row, of its statement or under its name."""
    filings = quote_list(sorted({row.filing_id for row in heads}))
    suspects: dict[str, list[_Row]] = defaultdict(list)
    for row in heads:
        suspects[row.filing_id].append(row)
    amounts: dict[tuple[str, int, str], set[Decimal]] = defaultdict(set)
    for statement_id, row_no, code, amount in query(
        "SELECT statement_id, row_no, code_key, abs(coalesce(amount_yuan, value)) FROM w_raw "
        f"WHERE filing_id IN ({filings}) AND code_key IS NOT NULL AND value <> 0"
    ):
        amounts[statement_id, row_no, code].add(amount)
    broken = query(
        "SELECT i.instance_id, i.rule_no, i.filing_id, abs(i.difference), i.allowance, list(DISTINCT l.statement_id), list(DISTINCT l.name) "
        "FROM w_instances AS i JOIN w_rules AS r ON r.rule_no = i.rule_no AND r.kind = 'identity' "
        "JOIN w_kept AS t ON t.rule_no = i.rule_no AND t.alternative = i.alternative AND t.filing_id = i.filing_id AND t.k_place = i.k_place "
        "LEFT JOIN w_raw AS l ON l.line_item_id = t.line_item_id "
        f"WHERE i.verdict = 'violated' AND i.filing_id IN ({filings}) GROUP BY ALL HAVING bool_and(l.line_item_id IS NOT NULL) ORDER BY 1"
    )
    for instance_id, rule_no, filing_id, difference, allowance, statements, names in broken:
        keys = {name_key(name) for name in names if name}
        for row in suspects[filing_id]:
            of_row = amounts[row.statement_id, row.row_no, row.code]
            if (row.statement_id in statements or keys == {row.key}) and any(
                abs(difference - amount) <= allowance for amount in of_row
            ):
                yield (instance_id, rule_no), heads[row]
                break
