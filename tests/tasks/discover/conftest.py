from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[3]


class RunningSites:
    """The sites of `government_sites`, from outside."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports

    def url(self, kind: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[kind]}{path}"

    def told(self) -> dict[str, Any]:
        with urlopen(self.url("pages", "/__told"), timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def do(self, what: str, kind: str = "", number: int = 0) -> None:
        body = json.dumps({"do": what, "kind": kind, "number": number}).encode()
        with urlopen(Request(self.url("pages", "/__do"), body), timeout=30):
            pass

    def register(self, registry: Path, *, recheck_days: float = 0, rate: int = 100, concurrency: int = 4) -> None:
        """Register the four sites."""
        politeness = f"{{requests_per_second: {rate}, concurrency: {concurrency}, recheck_days: {recheck_days}}}"
        entries = {
            "pages": "- listing: {pages}/ysgk/index.html\n  paging: {{pattern: 'index_{{page}}.html', "
            "count: 'createPageHTML\\((\\d+)'}}\n",
            "api": "- api: {api}/query\n  body: {{page: 0}}\n  paging: {{parameter: page, first: 0}}\n"
            "  items: data.rows\n  title: name\n  date: date\n  link_template: '/download.do?id={{id}}&type=a.pdf'\n",
            "sitemap": "- sitemap: {sitemap}/sitemap.xml\n",
            "bucket": "- bucket: {bucket}/\n  prefix: ys/\n",
        }
        registry.mkdir(parents=True, exist_ok=True)
        hosts = {kind: self.url(kind, "") for kind in self.ports}
        for kind, entry in entries.items():
            select = "select: {include: {title: [部门预算]}}\n" if kind == "pages" else ""
            (registry / f"{kind}.yml").write_text(
                f"name: {kind}\npublisher: 某市财政局\npoliteness: {politeness}\n{select}"
                f"expectations: {{years: {{2020: {{min: 1}}}}}}\nentry_points:\n{entry.format(**hosts)}",
                encoding="utf-8",
            )


@contextmanager
def open_sites(seed: int, *, faults: bool, per_site: int) -> Iterator[RunningSites]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.tasks.discover.government_sites", str(seed), str(int(faults)), str(per_site)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield RunningSites(json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(autouse=True)
def allow_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine may be asked, no other of its networks."""
    monkeypatch.setenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES", "loopback")


OpenSites = Callable[..., Any]
