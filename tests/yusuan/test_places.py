"""From a number or a finding to its page, at the command line; and one filing's report."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from tests.yusuan.conftest import Yusuan


def ask(yusuan: Yusuan, data: Path, sql: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(yusuan("query", sql, "--data", data, "--json").stdout)
    return rows


def test_a_line_item_is_shown_on_its_page(yusuan: Yusuan, loaded: Path, tmp_path: Path) -> None:
    (item,) = ask(
        yusuan,
        loaded,
        "SELECT line_item_id, value_text, page::VARCHAR AS page FROM line_items WHERE page IS NOT NULL AND bbox IS NOT NULL LIMIT 1",
    )
    picture = tmp_path / "crop.png"
    ran = yusuan("show", item["line_item_id"], "-o", picture, "--data", loaded, "--json")
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert (said["printed"], said["page"], said["picture"]) == (item["value_text"], item["page"], str(picture))
    assert said["file"] == "shanghai_unit_2024.pdf"
    with Image.open(picture) as image:
        assert (image.format, image.width > 200) == ("PNG", True)
    assert item["value_text"] in yusuan("show", item["line_item_id"], "--data", loaded).stdout


def test_a_finding_is_shown_with_its_rule(yusuan: Yusuan, loaded: Path) -> None:
    finding = json.loads(yusuan("findings", "--data", loaded, "--json").stdout)[0]
    ran = yusuan("show", finding["finding_id"], "--data", loaded, "--json")
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["finding"] == finding["message"]
    assert said["rule"].startswith(finding["rule_id"])


def test_what_cannot_be_shown_says_why(yusuan: Yusuan, loaded: Path, tmp_path: Path) -> None:
    unknown = yusuan("show", "nothing", "--data", loaded)
    assert unknown.returncode == 1
    assert "neither a line item nor a finding" in unknown.stderr.replace("\n", " ")
    (item,) = ask(yusuan, loaded, "SELECT line_item_id FROM line_items WHERE page IS NULL LIMIT 1")
    without_page = yusuan("show", item["line_item_id"], "-o", tmp_path / "no.png", "--data", loaded)
    assert without_page.returncode == 1
    assert "no pages" in without_page.stderr
    assert not (tmp_path / "no.png").exists()
    assert "locator" in yusuan("show", item["line_item_id"], "--data", loaded).stdout


def test_one_report(yusuan: Yusuan, loaded: Path, tmp_path: Path) -> None:
    ran = yusuan("report", "shanghai_unit", "-o", tmp_path / "reports", "--data", loaded)
    assert ran.returncode == 0, ran.stderr
    page, book = (Path(line) for line in ran.stdout.split())
    assert (page.suffix, book.suffix, page.parent) == (".html", ".xlsx", tmp_path / "reports")
    published = loaded / "published" / "current" / "reports"
    assert page.read_bytes() == (published / page.name).read_bytes()
    assert book.read_bytes() == (published / book.name).read_bytes()
    both = yusuan("report", "20", "-o", tmp_path, "--data", loaded)
    assert both.returncode == 1
    assert "means 2 filings" in both.stderr.replace("\n", " ")
