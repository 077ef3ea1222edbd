"""Four government sites on loopback, in a process of their own, with faults that a seed decides.

``python -m tests.tasks.discover.government_sites SEED FAULTS PER_SITE`` prints its ports as JSON and serves until its
standard input closes. ``GET /__told`` on any port says what it was asked; ``POST /__do`` changes the sites.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

KINDS = ("pages", "api", "sitemap", "bucket")
PER_PAGE = 15
BOMB = gzip.compress(bytes(40_000_000), 9)
BROKEN_PAGES = {"loop": 302, "private": 302, "bomb": 200, "error": 200, "login": 200}
"""Documents that never arrive, linked on the first page of the site of pages."""


def filing(kind: str, number: int, version: int = 1) -> bytes:
    """A filing's bytes: small, and no two alike."""
    head = f"%PDF-1.7\n% {kind} {number} version {version}\n".encode()
    return head + hashlib.sha256(head).digest() * (100 + number % 400) + b"\n%%EOF\n"


class Sites:
    def __init__(self, seed: int, faults: bool, per_site: int) -> None:
        self.seed, self.faults, self.per_site = seed, faults, per_site
        self.lock = threading.Lock()
        self.idle = threading.Condition(self.lock)
        self.versions: Counter[tuple[str, int]] = Counter()
        self.removed: set[tuple[str, int]] = set()
        self.ports: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        self.log: list[tuple[str, str, float, bool]] = []
        self.asked: Counter[tuple[str, str]] = Counter()
        self.delivered: Counter[tuple[str, str]] = Counter()
        self.injected: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()
        self.most_under_way: Counter[str] = Counter()
        self.resumed = 0

    def chance(self, *what: object) -> float:
        digest = hashlib.sha256(repr((self.seed, *what)).encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32


def make_handler(kind: str, sites: Sites) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/__do":
                asked = json.loads(body)
                with sites.lock:
                    if asked["do"] == "reissue":
                        sites.versions[asked["kind"], asked["number"]] += 1
                    elif asked["do"] == "remove":
                        sites.removed.add((asked["kind"], asked["number"]))
                    elif asked["do"] == "reset":
                        sites.reset()
                self.send(200, b"{}")
            else:
                self.answer(json.loads(body))

        def do_GET(self) -> None:
            if self.path == "/__told":
                self.send(200, json.dumps(self.told()).encode(), {"Content-Type": "application/json"})
            else:
                self.answer({})

        def told(self) -> dict[str, Any]:
            with sites.lock:  # what has been read by the client may still be on its way to the count
                sites.idle.wait_for(lambda: not any(sites.under_way.values()), timeout=10)
                return {
                    "log": sites.log,
                    "delivered": [[*key, number] for key, number in sites.delivered.items()],
                    "injected": sites.injected,
                    "most_under_way": sites.most_under_way,
                    "resumed": sites.resumed,
                }

        def answer(self, body: dict[str, Any]) -> None:
            is_conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
            with sites.lock:
                sites.log.append((kind, self.path, time.monotonic(), is_conditional))
                sites.asked[kind, self.path] += 1
                number = sites.asked[kind, self.path]
                sites.under_way[kind] += 1
                sites.most_under_way[kind] = max(sites.most_under_way[kind], sites.under_way[kind])
            try:
                self.respond(number, body)
            finally:
                with sites.lock:
                    sites.under_way[kind] -= 1
                    sites.idle.notify_all()

        def respond(self, number: int, body: dict[str, Any]) -> None:
            path = unquote(urlsplit(self.path).path)
            if path == "/robots.txt":
                self.send(200, b"User-agent: *\nDisallow: /private/\nDisallow: /*/draft\n")
                return
            if sites.faults and number < 3:
                if sites.chance("busy", kind, self.path, number) < 0.05:
                    soon = datetime.now(UTC) + timedelta(seconds=1)
                    is_date = sites.chance("date", self.path) < 0.5
                    self.count("503")
                    self.send(503, b"busy", {"Retry-After": format_datetime(soon, usegmt=True) if is_date else "1"})
                    return
                if sites.chance("reset", kind, self.path, number) < 0.02:
                    self.fault = "reset"
                elif sites.chance("slow", kind, self.path, number) < 0.02:
                    self.fault = "slow"
                else:
                    self.fault = ""
            else:
                self.fault = ""
            {"pages": self.pages, "api": self.api, "sitemap": self.sitemap, "bucket": self.bucket}[kind](path, body)

        def count(self, what: str) -> None:
            with sites.lock:
                sites.injected[what] += 1

        # The site of pages: GB18030, relative links, articles with attachments

        def pages(self, path: str, _body: dict[str, Any]) -> None:
            count = -(-sites.per_site // PER_PAGE)
            if path in {"/ysgk/index.html", *(f"/ysgk/index_{page}.html" for page in range(1, count))}:
                page = int(path.removesuffix(".html").rpartition("_")[2]) if "_" in path else 0
                rows = [
                    f"<li><a href='./t{number}.html' title='某区某局{2019 + number % 6}年部门预算'>某区…</a>"
                    f"<span>{2019 + number % 6}-02-{1 + number % 28:02}</span></li>"
                    for number in range(page * PER_PAGE, min((page + 1) * PER_PAGE, sites.per_site))
                ]
                rows += ["<li><a href='../ysgk/t0.html#top'>某区某局2019年部门预算</a></li>"]
                if page == 0:
                    rows += [
                        f"<li><a href='/broken/{name}.pdf'>{name} 2024年部门预算</a></li>" for name in BROKEN_PAGES
                    ]
                    rows += [
                        "<li><a href='/private/a.pdf'>内部 2024年部门预算</a></li>",
                        "<li><a href='/news'>新闻</a></li>",
                    ]
                text = (
                    "<html><head><meta http-equiv='Content-Type' content='text/html; charset=gb2312'></head><body><ul>"
                    + "".join(rows)
                    + f"</ul><script>createPageHTML({count}, {page}, 'index', 'html');</script></body></html>"
                )
                self.page(text.encode("gb18030"), "text/html")
            elif path.startswith("/ysgk/t") and path.endswith(".html"):
                number = int(path[7:-5])
                name = f"某局部门预算{number}.pdf"
                href = quote(name) if number % 2 else name
                text = (
                    "<html><head><meta charset='gb2312'><title>预算</title></head><body>"
                    f"<h1>某区某局{2019 + number % 6}年部门预算</h1><p>附件：<a href='P{number}/{href}'>附件1：预算表</a></p>"
                    f"<p><a href='./P{number}/{href}'>下载</a> <a href='javascript:window.close()'>关闭</a></p></body></html>"
                )
                self.page(text.encode("gb18030"), "text/html; charset=utf-8")  # as some servers say of everything
            elif path.startswith("/ysgk/P"):
                self.document(int(path[7:].partition("/")[0]))
            elif path == "/broken/loop.pdf":
                self.count("loop")
                self.send(302, b"", {"Location": "/broken/loop2.pdf"})
            elif path == "/broken/loop2.pdf":
                self.send(302, b"", {"Location": "/broken/loop.pdf"})
            elif path == "/broken/private.pdf":
                self.count("private")
                self.send(302, b"", {"Location": "http://10.255.255.1/secret.pdf"})
            elif path == "/broken/bomb.pdf":
                self.count("bomb")
                self.send(200, BOMB, {"Content-Encoding": "gzip", "Content-Type": "application/pdf"})
            elif path == "/broken/error.pdf":
                self.send(
                    200,
                    "<!DOCTYPE html><html><title>页面不存在</title></html>".encode(),
                    {"Content-Type": "application/pdf"},
                )
            elif path == "/broken/login.pdf":
                self.send(
                    200, b"<html><form><input type='password'></form></html>", {"Content-Type": "application/pdf"}
                )
            else:
                self.send(404, b"")

        # A disclosure platform: JSON behind a form, links to downloads with wrong types

        def api(self, path: str, body: dict[str, Any]) -> None:
            if path == "/query":
                page = int(body["page"])
                rows = [
                    {
                        "id": number,
                        "name": f"<em>某镇</em>{2019 + number % 6}年部门预算",
                        "date": f"2024-01-{1 + number % 28:02}",
                    }
                    for number in range(page * PER_PAGE, min((page + 1) * PER_PAGE, sites.per_site))
                ]
                self.send(200, json.dumps({"data": {"rows": rows}}).encode(), {"Content-Type": "text/plain"})
            elif path == "/download.do":
                number = int(parse_qs(urlsplit(self.path).query)["id"][0])
                told = f"attachment; filename*=UTF-8''{quote(f'某镇{number}.pdf')}"
                self.document(number, {"Content-Disposition": told, "Content-Type": "text/html"})
            else:
                self.send(404, b"")

        # A sitemap of articles that lead on by refresh and by script

        def sitemap(self, path: str, _body: dict[str, Any]) -> None:
            here = f"http://127.0.0.1:{sites.ports[kind]}"
            if path == "/sitemap.xml":
                index = "".join(f"<sitemap><loc>{here}/sitemap{part}.xml.gz</loc></sitemap>" for part in (0, 1))
                self.page(
                    f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{index}</sitemapindex>".encode()
                )
            elif path in ("/sitemap0.xml.gz", "/sitemap1.xml.gz"):
                entries = "".join(
                    f"<url><loc>{here}/art/{number}.shtml</loc><lastmod>2024-02-01</lastmod></url>"
                    for number in range(int(path[8]), sites.per_site, 2)
                )
                text = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
                self.page(gzip.compress(text.encode(), mtime=0), "application/gzip")
            elif path.startswith("/art/"):
                number = int(path[5:-6])
                if number % 5 == 0:
                    self.page(
                        f"<html><head><meta http-equiv='refresh' content='0; url=/show/{number}'></head></html>".encode()
                    )
                else:
                    self.show(number)
            elif path.startswith("/show/"):
                self.show(int(path[6:]))
            elif path.startswith("/files/"):
                self.document(int(path[7:].partition(".")[0]))
            else:
                self.send(404, b"")

        def show(self, number: int) -> None:
            link = {
                0: f"<a href='javascript:void(0)' onclick=\"window.open('/files/{number}.pdf')\">附件：{2019 + number % 6}年预算</a>",
                1: f"<iframe src='/viewer/web.html?file=%2Ffiles%2F{number}.pdf'></iframe>",
                2: f"<script>var file = '\\/files\\/{number}.pdf'; show(file);</script>",
            }[number % 3]
            text = f"<html><head><title>某院{2019 + number % 6}年部门预算</title></head><body>{link}</body></html>"
            self.page(text.encode(), "text/html; charset=utf-8")

        # An object store

        def bucket(self, path: str, _body: dict[str, Any]) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if "list-type" in query:
                first = int(query.get("continuation-token", ["0"])[0])
                last = min(first + 40, sites.per_site)
                keys = "".join(
                    f"<Contents><Key>ys/2024年/{n}.pdf</Key><ETag>{n}</ETag></Contents>" for n in range(first, last)
                )
                more = f"<NextContinuationToken>{last}</NextContinuationToken>" if last < sites.per_site else ""
                self.page(f"<ListBucketResult>{keys}{more}</ListBucketResult>".encode(), "application/xml")
            elif path.startswith("/ys/2024年/"):
                self.document(int(path.rpartition("/")[2][:-4]))
            else:
                self.send(404, b"")

        # Answers

        def page(self, body: bytes, content_type: str = "text/html") -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self.send(304, b"", {"ETag": etag})
            else:
                self.send(200, body, {"ETag": etag, "Content-Type": content_type})

        def document(self, number: int, headers: dict[str, str] | None = None) -> None:
            with sites.lock:
                is_removed = (kind, number) in sites.removed
                version = 1 + sites.versions[kind, number]
            if is_removed:
                self.send(404, b"")
                return
            body = filing(kind, number, version)
            etag = f'"{kind}-{number}-{version}"'
            told = {"Content-Type": "application/pdf", **(headers or {}), "ETag": etag, "Accept-Ranges": "bytes"}
            if self.headers.get("If-None-Match") == etag:
                self.send(304, b"", {"ETag": etag})
                return
            start = 0
            if self.headers.get("If-Range") == etag:
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                with sites.lock:
                    sites.resumed += 1
                told["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            if self.send(206 if start else 200, body[start:], told):
                with sites.lock:
                    sites.delivered[kind, str(number)] += 1

        def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> bool:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            fault = getattr(self, "fault", "") if status in (200, 206) else ""
            try:
                if fault == "reset":
                    self.count("reset")
                    self.wfile.write(body[: len(body) // 2])
                    self.wfile.flush()
                    time.sleep(0.02)  # so that the half arrives before the reset
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return False
                if fault == "slow":
                    self.count("slow")
                    for start in range(0, len(body), max(1, len(body) // 8)):
                        self.wfile.write(body[start : start + max(1, len(body) // 8)])
                        self.wfile.flush()
                        time.sleep(0.05)
                    return True
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                return False
            return True

    return Handler


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Connections that the faults cut off are meant to be cut off."""


def main() -> None:
    seed, faults, per_site = int(sys.argv[1]), sys.argv[2] == "1", int(sys.argv[3])
    sites = Sites(seed, faults, per_site)
    servers = []
    for kind in KINDS:
        server = QuietServer(("127.0.0.1", 0), make_handler(kind, sites))
        sites.ports[kind] = int(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    sys.stdout.write(json.dumps(sites.ports) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
