"""How is a web server asked for one address, with manners and within limits?

Turns are waited for, robots.txt is obeyed, redirects are followed and looked at one by one, and every refusal is
sorted into those that may pass (`TryAgain`) and those that will not (`UnusableInput`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import Manners
from tasks.data_dir import DataDir
from tasks.fetch.connect import web_client
from tasks.fetch.decoding import decode_body
from tasks.fetch.robots import MAX_ROBOTS_BYTES, Robots, find_robots
from tasks.fetch.secrets import hide_secrets, secret_headers, secret_parameters, with_secrets
from tasks.fetch.turns import pause_host, take_turn

MAX_REDIRECTS = 10
"""As browsers and the Fetch standard's implementations: 10 to 20; a filing needs at most three."""

DEADLINE_SECONDS = 600.0
"""For one whole document, redirects included."""

_GONE = {404: "not_found", 410: "not_found", 401: "forbidden", 403: "forbidden", 451: "forbidden"}
"""Statuses that no retry changes -> reason code."""

_MAY_PASS = frozenset({408, 425, 429})
"""Statuses below 500 that tell to come again."""

_PAUSES = frozenset({429, 503})
"""Statuses whose Retry-After is for all requests to the host (RFC 9110, 10.2.3; RFC 6585)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a server is asked.

    Args:
        url: The address, without credentials.
        manners: Of the source.
        headers: Conditions, ranges.
        method: GET or POST.
        json: Body of a POST.
        form: Body of a POST.
        accepts: Statuses besides 200 that are answers.
    """

    url: str
    manners: Manners
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    json: Any = None
    form: Mapping[str, Any] | None = None
    accepts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is still to come.

    Args:
        response: Status and headers.
        url: Who answered, without credentials.
        chain: Where redirects led, the last one answered; without credentials.
        deadline: When the body must be there (monotonic clock).
    """

    response: httpx.Response
    url: str
    chain: tuple[str, ...]
    deadline: float

    def chunks(self, max_bytes: int) -> Iterator[bytes]:
        """The decoded body, within the limits.

        Raises:
            UnusableInput: ``too_large``, ``decompression_bomb``, ``refused``.
            TryAgain: It takes too long, or is damaged.
        """
        encoding = self.response.headers.get("Content-Encoding", "")
        for chunk in decode_body(self.response.iter_raw(), encoding, max_bytes, hide_secrets(self.url)):
            if time.monotonic() > self.deadline:
                raise TryAgain(
                    "unreachable",
                    f"{hide_secrets(self.url)} took longer than {DEADLINE_SECONDS:.0f} s; tried again later",
                )
            yield chunk


@contextmanager
def ask(question: Question, data: DataDir, earlier_hops: int = 0) -> Iterator[Opened]:
    """Ask, follow redirects, and open the answer.

    Args:
        question: What is asked.
        data: The data folder, where turns and robots.txt are kept.
        earlier_hops: Redirects that led here by other means, such as a page's refresh.

    Raises:
        UnusableInput: ``not_found``, ``forbidden``, ``refused``, ``private_address``, ``too_many_redirects``,
            ``bad_redirect`` or ``robots_forbid``.
        TryAgain: ``unreachable`` (no connection, a time-out, 429 or 5xx) or ``host_pauses``.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    chain = [httpx.URL(question.url)]
    try:
        while True:
            url = _require_web(chain[-1])
            delay_seconds = _require_allowed(url, question.manners, data)
            with take_turn(_host(url), question.manners, data, delay_seconds), _stream(url, question) as response:
                if response.has_redirect_location:
                    chain.append(_next_hop(url, response, chain, earlier_hops))
                    continue
                if response.status_code not in question.accepts:
                    _require_ok(response, str(url), data)
                shown = [hide_secrets(str(hop)) for hop in chain[1:]]
                yield Opened(response, str(url), tuple(shown), deadline)
                return
    except httpx.TransportError as error:
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise TryAgain(
            "unreachable",
            f"{hide_secrets(str(chain[-1]))} could not be reached ({what}); check the address and the network",
        ) from error
    except httpx.InvalidURL as error:
        raise UnusableInput("refused", f"{hide_secrets(question.url)}: {error}; check the address") from error


@contextmanager
def _stream(url: httpx.URL, question: Question) -> Iterator[httpx.Response]:
    client = web_client()
    address = httpx.URL(with_secrets(str(url)))
    request = client.build_request(
        question.method,
        address.copy_merge_params(secret) if (secret := secret_parameters(str(url), question.manners)) else address,
        headers={**question.headers, **secret_headers(str(url), question.manners)},
        json=question.json,
        data=dict(question.form) if question.form is not None else None,
    )
    response = client.send(request, stream=True)
    try:
        yield response
    finally:
        response.close()


def _require_web(url: httpx.URL) -> httpx.URL:
    if url.scheme not in ("http", "https") or not url.host:
        raise UnusableInput(
            "bad_redirect",
            f"{hide_secrets(str(url))} is not an http(s) address; open the page and name the document itself",
        )
    return url


_robots_locks: dict[str, threading.Lock] = {}
"""One reader of a site's robots.txt at a time, where many documents wait for it."""


def _require_allowed(url: httpx.URL, manners: Manners, data: DataDir) -> float:
    if not manners.obeys_robots:
        return 0.0
    origin = f"{url.scheme}://{_host(url)}"
    with _robots_locks.setdefault(origin, threading.Lock()):
        robots: Robots = find_robots(origin, lambda address: _read_robots(address, manners, data), data)
    if not robots.allows(str(url)):
        raise UnusableInput(
            "robots_forbid",
            f"{hide_secrets(str(url))}: the site's robots.txt keeps programs from it; ask the publisher, or fetch it by "
            "hand and ingest the file",
        )
    return robots.delay_seconds


def _read_robots(address: str, manners: Manners, data: DataDir) -> str | None:
    unbound = Manners(requests_per_second=manners.requests_per_second, concurrency=manners.concurrency)
    try:
        with ask(Question(address, unbound), data) as opened:
            content = b""
            for chunk in opened.chunks(max_bytes=1 << 24):
                content += chunk
                if len(content) > MAX_ROBOTS_BYTES:
                    break
    except UnusableInput as error:
        if error.reason_code == "private_address":
            raise
        return None  # RFC 9309, 2.3.1.3: what the site does not give forbids nothing
    return content[:MAX_ROBOTS_BYTES].decode("utf-8", errors="replace")


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")


def _next_hop(url: httpx.URL, response: httpx.Response, chain: list[httpx.URL], earlier_hops: int) -> httpx.URL:
    first = hide_secrets(str(chain[0]))
    if len(chain) + earlier_hops > MAX_REDIRECTS:
        raise UnusableInput(
            "too_many_redirects", f"{first} redirects more than {MAX_REDIRECTS} times; open it in a browser"
        )
    target = url.join(response.headers["Location"])
    if target in chain:
        raise UnusableInput("too_many_redirects", f"{first} redirects in a circle; open it in a browser")
    return target.copy_with(fragment=None)


def _require_ok(response: httpx.Response, url: str, data: DataDir) -> None:
    status = response.status_code
    told = f"{hide_secrets(url)} answered {status} {response.reason_phrase}".rstrip()
    if status == httpx.codes.OK:
        return
    if status in _GONE:
        advice = {
            "not_found": "the document was taken down or moved; look for its new address on the publisher's site",
            "forbidden": "the site wants a login or keeps programs out; fetch it by hand and ingest the file",
        }
        raise UnusableInput(_GONE[status], f"{told}: {advice[_GONE[status]]}")
    if status >= 500 or status in _MAY_PASS:
        if status in _PAUSES and (seconds := retry_after_seconds(response.headers.get("Retry-After"))) is not None:
            pause_host(urlsplit(url).netloc, seconds, data)
        raise TryAgain("unreachable", f"{told}; it will be tried again in the next run")
    raise UnusableInput("refused", f"{told}; open it in a browser to see what the site wants")


def retry_after_seconds(header: str | None) -> float | None:
    """How long the server wants to be left alone: Retry-After in seconds or as a date; None if it does not say."""
    if header is None:
        return None
    text = header.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
