"""The page on registering sources, done as it says: against a real server, by the command line, as processes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.fetch.site import Answer, Site, open_site
from tests.yusuan.conftest import ROOT, Yusuan, environment
from tests.yusuan.test_serve import call

SAMPLE = ROOT / "samples" / "filings" / "central_customs_2024.md"
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


@pytest.fixture
def site() -> Iterator[Site]:
    """A list of two pages, an article, its attachment; and an address that wants a password."""
    with open_site() as opened:
        link = "<li><a href='./t1.html'>某海关2024年部门预算</a></li><li><a href='/about.html'>关于</a></li>"
        article = "<h1>某海关2024年部门预算</h1><p>附件：<a href='P1/预算.md'>部门预算</a></p>"
        tags = iter(range(1000))
        for path, body in {"/ysgk/index.html": link, "/ysgk/index_1.html": link, "/ysgk/t1.html": article}.items():
            opened.answers[path] = Answer(body=body.encode(), headers={"ETag": f'"{next(tags)}"'})
        document = Answer(body=SAMPLE.read_bytes(), headers={"ETag": '"a"'})
        opened.answers["/ysgk/P1/%E9%A2%84%E7%AE%97.md"] = document
        yield opened


@pytest.fixture
def registry(site: Site, tmp_path: Path) -> Path:
    """The registration that the page shows, with the test's server for its host."""
    text = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    folder = tmp_path / "registry"
    folder.mkdir()
    mended = text.replace("https://czj.example.org", site.address).replace("since: 2023", "since: 2024")
    (folder / "my_city.yml").write_text(mended + "politeness: {requests_per_second: 100}\n", encoding="utf-8")
    return folder


def test_every_command_of_the_page(yusuan: Yusuan, server: str, site: Site, registry: Path, tmp_path: Path) -> None:
    variables = {
        "YUSUAN_SOURCES": str(registry),
        "YUSUAN_DATA": str(tmp_path / "data"),
        "YUSUAN_ALLOW_PRIVATE_ADDRESSES": "loopback",
    }
    assert len(COMMANDS) == 5
    said = {}
    for line in COMMANDS:
        words = re.findall(r'"[^"]*"|\S+', line)
        assert words[0] == "yusuan"
        ran = yusuan(*(word.strip('"') for word in words[1:]), **variables)
        status = 3 if "check" in line else 0  # 2025 and 2026 are missing, and the check says so by its status
        assert ran.returncode == status, (line, ran.stdout, ran.stderr)
        said[line] = ran
        if "check" in line:
            assert not [path for path in site.requests if path.endswith(".md")], "a check downloads nothing"
            assert "某海关2024年部门预算" in ran.stdout
            assert "0 documents of 2025 found, at least 1 expected" in ran.stderr
            assert not (tmp_path / "data").exists()
    assert "at least 1 expected" in said[COMMANDS[2]].stderr
    assert re.search(r"my_city +2024 +1 +1 +1 +0 +0", said[COMMANDS[3]].stdout), said[COMMANDS[3]].stdout
    assert "Nothing is new" in said[COMMANDS[4]].stdout
    assert site.requests["/ysgk/P1/%E9%A2%84%E7%AE%97.md"] == 2
    assert site.requests["/about.html"] == 0

    assert "coverage" in {artifact["key"] for artifact in call(server, "/artifacts/filter", {})}

    again = yusuan("ingest", "--source", "my_city", "--json", **variables)
    assert json.loads(again.stdout)["run"]["reused"] == 1
    assert site.requests["/ysgk/P1/%E9%A2%84%E7%AE%97.md"] == 2
    assert site.requests["/ysgk/t1.html"] == 3  # check, first run, full run

    # Re-issued under the same address, one amount changed
    before, after = "检验检疫\t461.27\t\t461.27", "检验检疫\t461.27\t\t470.00"
    assert SAMPLE.read_text(encoding="utf-8").count(before) == 1
    changed = SAMPLE.read_text(encoding="utf-8").replace(before, after)
    document = "/ysgk/P1/%E9%A2%84%E7%AE%97.md"
    site.answers[document] = Answer(body=changed.encode(), headers={"ETag": '"b"'})
    full = yusuan("ingest", "--source", "my_city", "--full", "--json", **variables)
    assert full.returncode == 0, full.stderr
    question = "SELECT change, code, value_text_before, value_text_after FROM version_changes"
    (change,) = json.loads(yusuan("query", question, "--json", **variables).stdout)
    assert list(change.values()) == ["changed", "2010912", "461.27", "470.00"]


def test_the_limits_of_a_host_are_on_the_server_and_strict(
    yusuan: Yusuan, server: str, site: Site, registry: Path, tmp_path: Path
) -> None:
    program = (
        "import sys, json\n"
        "from prefect.client.orchestration import get_client\n"
        "from tasks.candidate import Manners\n"
        "from tasks.fetch import shared_limits\n"
        "host, manners = 'a.example:80', Manners(5.0, 3)\n"
        "with shared_limits.prefect_turn(host, manners): pass\n"
        "with get_client(sync_client=True) as client:\n"
        "    found = {name: client.read_global_concurrency_limit_by_name(name) for name in shared_limits.limit_names(host)}\n"
        "    print(json.dumps({name: [one.limit, one.slot_decay_per_second] for name, one in found.items()}))\n"
        "    client.delete_global_concurrency_limit_by_name(shared_limits.limit_names(host)[0])\n"
        "with shared_limits.prefect_turn(host, manners): print('passed')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(PREFECT_API_URL=server), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert json.loads(ran.stdout.splitlines()[0]) == {
        "yusuan-host-a.example-80": [3, 0.0],
        "yusuan-rate-a.example-80": [5, 5.0],
    }
    assert ran.returncode != 0, "a limit that is gone must not pass silently"
    assert "passed" not in ran.stdout


def test_credentials_reach_the_site_and_nothing_else(yusuan: Yusuan, site: Site, tmp_path: Path) -> None:
    data, registry = tmp_path / "data", tmp_path / "registry"
    registry.mkdir()
    host = site.address.removeprefix("http://")
    site.answers["/list?key=zauberwort-3"] = Answer(body=b'{"rows": [{"url": "/c.md", "title": "2024"}]}')
    site.answers["/c.md?key=zauberwort-3"] = Answer(body=SAMPLE.read_bytes())
    site.answers["/a.md?token=zauberwort-2"] = Answer(body=SAMPLE.read_bytes() + b"\n")
    (registry / "keyed.yml").write_text(
        f"name: keyed\npublisher: P\npoliteness: {{requests_per_second: 100}}\nentry_points:\n"
        f"- api: {site.address}/list\n  items: rows\ncredentials:\n"
        "- {environment: TEST_SITE_KEY, query: key}\n- {environment: TEST_SITE_HEADER, header: X-Api-Key}\n"
    )
    ran = yusuan(
        "ingest", f"http://user:zauberwort-1@{host}/a.md?token=zauberwort-2", "--source", "keyed",
        "--data", data, "--verbose", "--json",
        YUSUAN_SOURCES=str(registry), YUSUAN_ALLOW_PRIVATE_ADDRESSES="loopback", YUSUAN_REQUESTS_PER_SECOND="100",
        TEST_SITE_KEY="zauberwort-3", TEST_SITE_HEADER="zauberwort-4",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    sent = [header for headers in site.headers for header in headers.values()]
    assert "zauberwort-4" in sent
    assert any(header.startswith("Basic ") for header in sent)
    assert "zauberwort" not in ran.stdout + ran.stderr
    kept = [path for path in data.rglob("*") if path.is_file()]
    assert len(kept) > 20
    assert not [path for path in kept if b"zauberwort" in path.read_bytes()]


def test_wrong_usage_is_told(yusuan: Yusuan, registry: Path) -> None:
    ran = yusuan("ingest", "--source", "nowhere", YUSUAN_SOURCES=str(registry))
    assert ran.returncode == 2
    assert "nowhere: no source of that name" in ran.stderr
    (registry / "bad.yml").write_text(
        "name: bad\npublisher: P\nentry_points:\n- listing: https://e.org/\n  paging: {}\n"
    )
    ran = yusuan("sources", "list", YUSUAN_SOURCES=str(registry))
    assert ran.returncode == 2
    assert "bad.yml:5: entry_points.0.paging: " in ran.stderr.replace("\n", "")


def test_reading_commands_import_no_prefect() -> None:
    program = "from yusuan.sources import show_sources; show_sources(as_json=True); import sys; assert 'prefect' not in sys.modules"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert {"samples", "example_listing"} <= {source["name"] for source in json.loads(ran.stdout)}
