"""How do time and memory grow with the number of documents of one source?

``python -m benchmarks.sources [100 1000 10000]`` puts so many documents behind one server on loopback (an S3 listing,
2 KB each) and prints, for each number: the first look with all fetches, the same again where only the list is asked
for, the same again with ``--full``, the time that the records take to open and close, and the process's memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tasks.data_dir import DataDir
from tasks.discover import discover
from tasks.fetch import fetch, find_fetched
from tasks.fetch.ledger import hold_ledgers, read_ledger

PER_LIST = 1000


class Store(BaseHTTPRequestHandler):
    """An object store with `total` small documents."""

    protocol_version = "HTTP/1.1"
    total = 0

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_GET(self) -> None:
        """A list, or a document."""
        query = parse_qs(urlsplit(self.path).query)
        etag = '"1"'
        if "list-type" in query:
            first = int(query.get("continuation-token", ["0"])[0])
            last = min(first + PER_LIST, self.total)
            keys = "".join(f"<Contents><Key>{number}.pdf</Key></Contents>" for number in range(first, last))
            more = f"<NextContinuationToken>{last}</NextContinuationToken>" if last < self.total else ""
            body = f"<ListBucketResult>{keys}{more}</ListBucketResult>".encode()
        elif self.path == "/robots.txt":
            body = b""
        else:
            body = b"%PDF-1.7" + self.path.encode() * 200
        is_same = self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_same else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(0 if is_same else len(body)))
        self.end_headers()
        if not is_same:
            self.wfile.write(body)


def run(total: int, folder: Path, address: str, *, is_full: bool) -> tuple[float, float, float]:
    """Seconds of looking and of fetching, and of opening the records."""
    registry = folder / "registry"
    registry.mkdir(exist_ok=True)
    (registry / "store.yml").write_text(
        f"name: store\npublisher: P\nentry_points: [{{bucket: '{address}'}}]\n"
        "politeness: {requests_per_second: 10000, concurrency: 4}\n"
    )
    data = DataDir(folder / "data")
    start = time.monotonic()
    read_ledger("store", data)
    opened = time.monotonic() - start
    start = time.monotonic()
    with hold_ledgers(["store"], data):
        found = discover(["store"], registry, data, is_full=is_full).candidates
        looked = time.monotonic() - start
        ledger = read_ledger("store", data)
        due = [one for one in found if one.is_news or not find_fetched(one.uri, ledger, data)]
        with ThreadPoolExecutor(4) as pool:
            for _ in pool.map(lambda one: fetch(one, data, datetime.now(UTC)), due):
                pass
    if len(found) != total:
        raise RuntimeError(f"{len(found)} documents found instead of {total}")
    return looked, time.monotonic() - start, opened


def measure(total: int) -> None:
    """Print one line of the table; in a process of its own, for its memory."""
    os.environ["YUSUAN_ALLOW_PRIVATE_ADDRESSES"] = "loopback"
    Store.total = total
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    with tempfile.TemporaryDirectory() as folder:
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _, first, _ = run(total, Path(folder), address, is_full=False)
        _, again, opened = run(total, Path(folder), address, is_full=False)
        _, full, _ = run(total, Path(folder), address, is_full=True)
        state = sum(file.stat().st_size for file in (Path(folder) / "data" / "sources").rglob("*.*"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"{total:>9} {first:>8.1f} {first / total * 1000:>9.2f} {again:>8.2f} {full:>8.1f} {opened * 1000:>9.0f} "
        f"{state / 1024:>9.0f} {base:>8.0f} {memory:>8.0f}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    else:
        print(  # noqa: T201
            "documents  first s  ms each  again s   full s  open ms  state KB  start MB   max MB", flush=True
        )
        for number in sys.argv[1:] or ("100", "1000", "10000"):
            subprocess.run([sys.executable, "-m", "benchmarks.sources", "--one", number], check=True)
