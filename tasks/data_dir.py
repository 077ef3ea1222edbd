"""Where does everything lie under DATA?

The paths of one data folder, and nothing else: reading or creating what lies there is the business of the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filings.records import FilingId, Sha256


@dataclass(frozen=True, slots=True)
class DataDir:
    """One data folder (数据目录). Asking for a path creates nothing: whoever writes creates the folder.

    Args:
        root: The folder; need not exist yet.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Originals by SHA-256."""
        return self.root / "raw"

    @property
    def parquet(self) -> Path:
        """What extraction produced: one folder per table, one file per filing."""
        return self.root / "parquet"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that analysts open."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """All publications that are kept."""
        return self.root / "published"

    @property
    def published_current(self) -> Path:
        """Symbolic link to the publication that belongs to the warehouse in place."""
        return self.published / "current"

    @property
    def data_docs(self) -> Path:
        """First page of the Data Docs of the validation that the warehouse in place passed."""
        return self.published_current / "data_docs" / "index.html"

    @property
    def quarantine(self) -> Path:
        """Inputs that could not be used."""
        return self.root / "quarantine"

    @property
    def sources(self) -> Path:
        """What is known of each source: one folder per source."""
        return self.root / "sources"

    @property
    def partial(self) -> Path:
        """Downloads that broke off and can be resumed."""
        return self.root / "partial"

    @property
    def politeness(self) -> Path:
        """When each host may be asked again, and its robots.txt."""
        return self.root / "politeness"

    @property
    def crops(self) -> Path:
        """Cuts of pages that reports show; derived, safe to delete."""
        return self.root / "crops"

    @property
    def runs(self) -> Path:
        """One JSON file per run."""
        return self.root / "runs"

    @property
    def locks(self) -> Path:
        """Lock files; empty, safe to delete while nothing runs."""
        return self.root / "locks"

    def raw_path(self, sha256: Sha256, suffix: str) -> Path:
        """Where an original lies: ``raw/ab/abcd….pdf``.

        Args:
            sha256: Of the bytes.
            suffix: With the dot, or empty.
        """
        return self.raw / sha256[:2] / f"{sha256}{suffix}"

    def parquet_path(self, table: str, filing_id: FilingId) -> Path:
        """Where one filing's rows of one extraction table lie: ``parquet/line_items/0123456789abcdef.parquet``."""
        return self.parquet / table / f"{filing_id}.parquet"
