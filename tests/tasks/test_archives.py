"""An archive of several documents becomes as many filings; what cannot be used in it is named."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from filings.records import RawFile
from tasks.archives import is_extracted, read_members
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION
from tasks.fetch.store import store_bytes
from tasks.parquet import list_filings, read_table
from tasks.workers.extract_job import extract_job

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "samples" / "filings"


def archive(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def original(content: bytes, data: DataDir) -> RawFile:
    stored = store_bytes([content], "filings.zip", data)
    return RawFile(stored.sha256, stored.path, "file:///made/filings.zip", "filings.zip", NOW)


def test_each_document_is_a_filing_of_its_own(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    texts = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in {".md", ".txt"}]
    members = [(f"某局/{path.name}", path.read_bytes()) for path in texts]
    raw = original(archive(*members, ("junk.pdf", b"this is no pdf 17")), data)

    report = extract_job(raw, tmp_path, NOW)

    assert [(member.source_uri, member.reason_code) for member in report.refused] == [
        ("file:///made/filings.zip#junk.pdf", "not_a_pdf")
    ]
    filings = list_filings(data)
    assert len(filings) == len(texts) > 1
    uris = {read_table("filings", filing, data)["file_name"].item() for filing in filings}
    assert uris == {path.name for path in texts}
    assert is_extracted(raw.filing_id, EXTRACTOR_VERSION, data)
    assert len(read_members(raw.filing_id, EXTRACTOR_VERSION, data)) == len(texts) + 1


def test_another_extractor_opens_it_again(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    texts = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in {".md", ".txt"}]
    raw = original(archive(*[(path.name, path.read_bytes()) for path in texts]), data)
    extract_job(raw, tmp_path, NOW)
    assert not is_extracted(raw.filing_id, "another", data)
