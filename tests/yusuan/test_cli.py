from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.yusuan.conftest import ROOT, Yusuan, environment

SAMPLE = ROOT / "samples" / "filings" / "central_customs_2024.md"


def test_all_alone_and_then_again(tmp_path: Path, yusuan: Yusuan) -> None:
    """Without any server; then once more, which must cost next to nothing."""
    first = yusuan("ingest", SAMPLE, "--data", tmp_path, "--json", PREFECT_API_URL="")
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout)
    assert (said["run"]["extracted"], said["filings"], said["quarantine"]) == (1, 1, [])
    assert said["line_items"] > 100
    assert said["checks"]["evaluated"] == sum(said["checks"][verdict] for verdict in ("exact", "rounding", "violated"))
    assert Path(said["warehouse"]).is_file()
    assert Path(said["published"]).is_file()
    assert Path(said["data_docs"]).is_file()

    again = yusuan("ingest", SAMPLE, "--data", tmp_path, "--json", PREFECT_API_URL="")
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert (told["run"]["changed"], told["run"]["reused"], told["line_items"]) == (False, 1, said["line_items"])
    assert told["run"]["seconds"] < said["run"]["seconds"] / 3


def test_quarantine_has_a_status_of_its_own_and_words(loaded: Path, yusuan: Yusuan, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    ran = yusuan("ingest", tmp_path, "--data", loaded)
    assert ran.returncode == 3
    assert "empty_file" in ran.stdout
    for word in ("Filings", "Statements", "Amounts", "Checks", "Warehouse", "Tables", "Data Docs", "Prefect UI"):
        assert word in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingest", "no/such/file"], "no such file or folder"),
        (["ingest", "ftp://example.org/a.pdf"], "http"),
        (["findings", "--severity", "grave"], "error, warning or info"),
        (["query"], "SQL"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage(yusuan: Yusuan, tmp_path: Path, arguments: list[str], message: str) -> None:
    options = [] if arguments == ["nonsense"] else ["--data", str(tmp_path / "none")]
    ran = yusuan(*arguments, *options)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [["findings"], ["status"], ["query", "SELECT 1"]])
def test_no_warehouse_yet(yusuan: Yusuan, tmp_path: Path, arguments: list[str]) -> None:
    ran = yusuan(*arguments, "--data", tmp_path)
    assert ran.returncode == 1
    assert "no warehouse" in ran.stderr
    assert "yusuan ingest" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_unsound_registry_is_wrong_usage(yusuan: Yusuan, tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("name: bad\npublisher: P\nentry_points: []\n")
    ran = yusuan("ingest", "--data", tmp_path / "data", YUSUAN_SOURCES=str(tmp_path))
    assert ran.returncode == 2
    assert "bad.yml:3: entry_points" in ran.stderr.replace("\n", "")


def test_query(loaded: Path, yusuan: Yusuan) -> None:
    sql = "SELECT file_name, 1.10::DECIMAL(20,2) AS amount FROM filings WHERE file_name LIKE '%2024.md'"
    as_json = yusuan("query", sql, "--data", loaded, "--json")
    assert json.loads(as_json.stdout) == [{"file_name": "central_customs_2024.md", "amount": "1.10"}]
    as_csv = yusuan("query", sql, "--data", loaded, "--csv")
    assert as_csv.stdout == "file_name,amount\ncentral_customs_2024.md,1.1\n"
    assert "filings" in yusuan("query", "SHOW TABLES", "--data", loaded).stdout


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM filings",
        "CREATE TABLE t (a INTEGER)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY filings TO 'stolen.csv'",
        "SELEC",
    ],
)
def test_a_query_only_reads_and_only_the_warehouse(loaded: Path, yusuan: Yusuan, sql: str) -> None:
    before = (loaded / "warehouse.duckdb").read_bytes()
    ran = yusuan("query", sql, "--data", loaded)
    assert ran.returncode == 1
    assert "Error" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert (loaded / "warehouse.duckdb").read_bytes() == before
    assert not (ROOT / "stolen.csv").exists()


def test_findings_agree_with_the_table(loaded: Path, yusuan: Yusuan) -> None:
    everything = json.loads(yusuan("findings", "--data", loaded, "--json").stdout)
    counted = json.loads(yusuan("query", "SELECT count(*) AS n FROM findings", "--data", loaded, "--json").stdout)
    assert len(everything) == counted[0]["n"] > 0
    rule = everything[0]["rule_id"]
    filtered = json.loads(yusuan("findings", "--data", loaded, "--json", "--rule", rule, "--filing", "清溪").stdout)
    assert filtered == [row for row in everything if row["rule_id"] == rule and "清溪" in row["issuer"]]
    none = json.loads(yusuan("findings", "--data", loaded, "--json", "--category", "no'such").stdout)
    assert none == []
    table = list(csv.DictReader(io.StringIO(yusuan("findings", "--data", loaded, "--csv").stdout)))
    assert [row["finding_id"] for row in table] == [row["finding_id"] for row in everything]
    assert f"{len(everything)} findings" in yusuan("findings", "--data", loaded).stdout


def test_status(loaded: Path, yusuan: Yusuan) -> None:
    said = json.loads(yusuan("status", "--data", loaded, "--json").stdout)
    assert said["filings"] >= 2
    assert said["quarantine"][0]["reason_code"] == "empty_file"
    assert said["last_run"]["state"] == "quarantined_some"
    words = yusuan("status", "--data", loaded)
    assert words.returncode == 0
    assert "empty_file" in words.stdout
    assert "central" not in words.stderr


@pytest.mark.parametrize(
    "arguments", ["['findings']", "['status']", "['query', 'SELECT 1']", "['--help']", "['ingest', '--help']"]
)
def test_commands_that_only_read_import_neither_prefect_nor_great_expectations(loaded: Path, arguments: str) -> None:
    program = (
        "import sys\nfrom yusuan.cli import app\n"
        f"try:\n    app({arguments})\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "heavy = {'prefect', 'great_expectations', 'pdfplumber', 'polars'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(YUSUAN_DATA=str(loaded)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
