"""Which planted mistakes do the rules find, and do they point at the place?

Every mutant is extracted from its pages as `samples.document` sets them; all mutants of a trial, an untouched control
and the other samples then stand in one warehouse in memory, over which the rules run once, as in a real run.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from expectations.compile_sql import apply_rules
from expectations.rule import load_rules
from filings.codes import economic_codes, function_codes
from filings.documents import Box
from filings.errors import UnusableInput
from filings.records import FilingRecords, RawFile, Sha256
from filings.schema import load_extraction_tables, load_tables
from samples.build import build_filing
from samples.document import SetDocument, set_document
from samples.facts import list_samples
from samples.layout import Filing, Heading, Paragraph
from samples.mutations import Mutation
from tasks.extract import extract_document
from tasks.parquet import encode_rows, filing_rows
from tests.expectations.mutation_excuses import ROUNDING, excuse_mutation
from tests.expectations.warehouse import create_warehouse

DATE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Finding:
    """What the rules say of one filing, as far as a trial looks at it."""

    rule_id: str
    category: str
    severity: str
    statement_type: str | None
    page: int | None
    subject: str
    quote: str
    message: str
    evidence: tuple[tuple[int | None, tuple[float, ...], str], ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.rule_id, self.subject


@dataclass(frozen=True)
class Rounded:
    """A number of an identity that holds within what rounding may make.

    Args:
        filing_id: The filing.
        rule_id: The rule.
        line_item_id: The cell that prints it; None in running text.
        text: As printed.
        quote: The sentence, where the identity is about the text.
    """

    filing_id: str
    rule_id: str
    line_item_id: str | None
    text: str
    quote: str


@dataclass(frozen=True)
class Outcome:
    """What became of one mutation.

    Args:
        mutation: It.
        findings: Findings above info that the untouched filing does not have.
        naming: Those of them that point at the mutated place.
        rounded: Rules that see a difference there and know that rounding may have made it.
        unusable: Why the mutant was not read at all, if so.
    """

    mutation: Mutation
    findings: tuple[Finding, ...]
    naming: tuple[Finding, ...]
    rounded: tuple[str, ...]
    unusable: str | None = None

    @property
    def is_found(self) -> bool:
        return bool(self.findings) or self.unusable is not None

    @property
    def is_named(self) -> bool:
        return bool(self.naming) or self.unusable is not None

    @property
    def excuse(self) -> str | None:
        """Why nobody could find it, if nobody could."""
        return ROUNDING if self.rounded else excuse_mutation(self.mutation)


@cache
def build_faultless(sample: str) -> Filing:
    return build_filing(sample, faultless=True)


@cache
def read_faultless(sample: str) -> FilingRecords:
    """The records of a sample without mistakes."""
    return extract_filing(build_faultless(sample))[0]


def extract_filing(filing: Filing) -> tuple[FilingRecords, SetDocument]:
    """What extraction reads in a filing that is set on pages."""
    pages = set_document(filing)
    return extract_document(pages.document, f"{filing.name}.pdf"), pages


def fill(database: duckdb.DuckDBPyConnection, filings: dict[str, FilingRecords]) -> None:
    """Put filings into the warehouse as loading would."""
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in load_extraction_tables()}
    for filing_id, records in filings.items():
        sha256 = Sha256(filing_id.ljust(64, "0"))
        raw = RawFile(sha256, f"raw/{sha256}.pdf", f"file:///{filing_id}.pdf", f"{filing_id}.pdf", DATE)
        for name, rows in filing_rows(records, raw, "trial", DATE).items():
            tables[name].extend(rows)
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            path = Path(folder) / f"{name}.parquet"
            path.write_bytes(encode_rows(load_extraction_tables()[name], rows))
            database.execute(f"INSERT INTO {name} BY NAME SELECT * FROM read_parquet('{path}')")
    for name, codes in (("function_classification", function_codes()), ("economic_classification", economic_codes())):
        columns = load_tables()[name].columns
        lists = ", ".join(f"unnest(?::{column.type}[]) AS {name}" for name, column in columns.items())
        values = [[getattr(code, column) for code in codes] for column in columns]
        database.execute(f"INSERT INTO {name} BY NAME SELECT {lists}", values)


def judge_filings(filings: dict[str, FilingRecords], threads: int = 2) -> tuple[dict[str, list[Finding]], set[Rounded]]:
    """The findings of every filing, and the numbers whose difference was put down to rounding."""
    database = create_warehouse()
    with database:
        database.execute(f"SET threads = {threads}; SET enable_progress_bar = false")
        fill(database, filings)
        apply_rules(database, tuple(load_rules().values()))
        found: dict[str, list[Finding]] = {filing_id: [] for filing_id in filings}
        rows = database.execute(
            "SELECT filing_id, rule_id, category, severity, statement_type, page, subject, coalesce(quote, ''), message, "
            "evidence FROM findings"
        ).fetchall()
        for filing_id, rule_id, category, severity, statement_type, page, subject, quote, message, evidence in rows:
            places = tuple(
                (one["page"], tuple(one["bbox"] or ()), one["text"] or "") for one in evidence or () if one is not None
            )
            finding = Finding(rule_id, category, severity, statement_type, page, subject, quote, message, places)
            found[filing_id].append(finding)
        rounded = {
            Rounded(*row)
            for row in database.execute(
                "SELECT DISTINCT filing_id, rule_id, place.line_item_id, place.text, coalesce(quote, '') "
                "FROM (SELECT *, unnest(evidence) AS place FROM rule_instances WHERE verdict = 'rounding')"
            ).fetchall()
        }
    return found, rounded


def try_mutations(mutations: Sequence[Mutation], threads: int = 2) -> list[Outcome]:
    """Try mutations of any samples, each in a filing of its own; one outcome per mutation, in their order."""
    return run_trial(mutations, threads)[0]


def run_trial(mutations: Sequence[Mutation], threads: int = 2) -> tuple[list[Outcome], dict[str, list[Finding]]]:
    """Try mutations of any samples, each in a filing of its own, beside every sample untouched.

    Args:
        mutations: What to plant.
        threads: That DuckDB may use.

    Returns:
        One outcome per mutation, in their order, and the findings of the untouched samples by name.
    """
    controls = {sample: f"{0xC0000000 + number:016x}" for number, sample in enumerate(list_samples())}
    records = {control: read_faultless(sample) for sample, control in controls.items()}
    pages: dict[str, SetDocument] = {}
    unusable: dict[str, str] = {}
    for number, mutation in enumerate(mutations):
        filing_id = f"{number:016x}"
        try:
            records[filing_id], pages[filing_id] = extract_filing(mutation.apply(build_faultless(mutation.sample)))
        except UnusableInput as error:
            unusable[filing_id] = error.reason_code
    found, rounded = judge_filings(records, threads)
    outcomes = []
    for number, mutation in enumerate(mutations):
        filing_id = f"{number:016x}"
        if filing_id in unusable:
            outcomes.append(Outcome(mutation, (), (), (), unusable[filing_id]))
            continue
        known = {finding.key for finding in found[controls[mutation.sample]]}
        new = [one for one in found[filing_id] if one.severity != "info" and one.key not in known]
        place = Place(mutation, pages[filing_id])
        outcomes.append(
            Outcome(
                mutation,
                tuple(new),
                tuple(finding for finding in new if place.is_named_by(finding)),
                tuple(sorted(set(_rounded_at(place, records[filing_id], filing_id, rounded)))),
            )
        )
    return outcomes, {sample: found[control] for sample, control in controls.items()}


def _rounded_at(place: Place, records: FilingRecords, filing_id: str, rounded: set[Rounded]) -> Iterator[str]:
    items = {
        f"{filing_id}-{item.statement_no:02d}-{item.item_no:04d}"
        for item in records.line_items
        if place.is_at(item.page, tuple(item.box or ()))
    }
    for one in rounded:
        if one.filing_id == filing_id and (one.line_item_id in items or place.is_number_of(one.text, one.quote)):
            yield one.rule_id


class Place:
    """Where a mutation stands on the pages, and whether a finding points there."""

    def __init__(self, mutation: Mutation, pages: SetDocument) -> None:
        self.mutation = mutation
        self.places: set[tuple[int, Box]] = set()
        table = mutation.table
        if table is not None:
            for cell in table.cells:
                if cell is mutation.cell or (mutation.target == "row" and cell.row == mutation.row):
                    self.places.add(pages.places[id(cell)])
        self.pages = {page for page, _ in pages.pages.text_pages.get(mutation.block_no, ())}
        block = mutation.block
        self.text = _fold(block.text) if isinstance(block, Paragraph | Heading) else ""
        self.snippet = self._snippet()

    def _snippet(self) -> str:
        """The words around the changed ones, as printed now."""
        block = self.mutation.block
        if not isinstance(block, Paragraph | Heading):
            return ""
        start = next(
            (
                at
                for at in range(len(block.text) + 1)
                if block.text.startswith(self.mutation.after, at)
                and self.mutation.where
                in block.text[:at][-12:] + self.mutation.before + block.text[at + len(self.mutation.after) :]
            ),
            0,
        )
        # what is quoted is the sentence: no words of the ones beside it
        before = re.split("[。；]", block.text[max(0, start - 4) : start])[-1]
        end = start + len(self.mutation.after)
        return _fold(before + block.text[start:end] + re.split("[。；]", block.text[end : end + 4])[0])

    def is_at(self, page: int | None, box: tuple[float, ...]) -> bool:
        """Whether that box is the mutated cell's, or one of its row's."""
        return any(page == at and _overlap(box, here) for at, here in self.places)

    def is_named_by(self, finding: Finding) -> bool:
        """Whether the finding points at the mutated place as closely as the mutation lets it."""
        mutation = self.mutation
        if mutation.target in ("cell", "row") and self.places:
            return any(self.is_at(page, box) for page, box, _ in finding.evidence) or (
                mutation.target == "row" and bool(mutation.after) and mutation.after in finding.quote
            )
        if mutation.target == "table" or mutation.target == "row":
            return self._names_table(finding)
        if mutation.kind == "contents":
            return _names_entry(mutation.before, _fold(f"{finding.quote} {finding.subject} {finding.message}"))
        quotes = [finding.quote, *(text for page, _, text in finding.evidence if page in self.pages)]
        return any(self._is_quoted(_fold(quote)) for quote in quotes if quote)

    def is_number_of(self, text: str, quote: str) -> bool:
        """Whether a number that an identity takes from a sentence is the one that was changed in it."""
        number = re.match(r"[\d,.]+", text)
        return (
            self.mutation.kind.startswith("prose_")
            and number is not None
            and number[0] == self.mutation.after
            and bool(quote)
            and self._is_quoted(_fold(quote))
        )

    def _names_table(self, finding: Finding) -> bool:
        filing_block = self.mutation
        title = filing_block.where.partition("：")[0]
        words = f"{finding.subject} {finding.message} {finding.quote}"
        table = filing_block.table
        return title in words or (table is not None and finding.statement_type == table.statement_type)

    def _is_quoted(self, quote: str) -> bool:
        """Whether the quote is of the mutated text and holds the mutated words."""
        return (quote in self.text and (self.snippet in quote or quote in self.snippet)) or (
            self.text in quote and self.snippet in quote
        )


_NUMBERED = re.compile(r"^(?P<number>第.{1,3}部分|[（(]?.{1,3}[）)、.])\s*(?P<words>.+)$")


def _names_entry(entry: str, words: str) -> bool:
    """Whether words name an entry of the contents page that is missing: its own words, or the gap in the numbers."""
    numbered = _NUMBERED.match(entry)
    title = re.sub(r"20\d\d年度?", "", numbered["words"] if numbered else entry)
    return _fold(title) in re.sub(r"20\d\d年度?", "", words) or (numbered is not None and "目录编号" in words)


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _overlap(box: tuple[float, ...], here: Box) -> bool:
    """Whether two boxes are of the same text: each one's middle is in the other."""
    if len(box) != 4:
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return here.left - 1 <= x <= here.right + 1 and here.top - 1 <= y <= here.bottom + 1
