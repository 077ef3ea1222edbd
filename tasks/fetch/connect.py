"""How are connections to web servers made, so that none goes to a machine of our own network?

httpx speaks to httpcore here through a transport of ours, whose network backend resolves each name, refuses private
addresses and connects to the very address that it looked at: a name that resolves otherwise a moment later (DNS
rebinding) leads nowhere. The certificate is checked against the name, as always.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import httpcore
import httpx

from tasks.fetch.address import allowed_private_addresses, resolve_allowed

USER_AGENT = f"Yusuan/{version('yusuan')} (reads published government budgets; obeys robots.txt)"
"""Sites can tell us from others and speak to us."""

TIMEOUT_SECONDS = httpx.Timeout(30.0, connect=15.0)
"""Between two packets. County servers are slow; what is slower than this is asked again later."""

_MAX_CONNECTIONS = 64
"""Over all hosts; the manners of each source bound those to one host far below."""

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they log whole addresses, with whatever secret is in them


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were looked at."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers."""
        failure: Exception | None = None
        for address in resolve_allowed(host, port):
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        """As the backend that it wraps."""
        self._sockets.sleep(seconds)


_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.NetworkError, httpx.ReadError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)
"""What httpcore says -> what httpx says."""


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:  # noqa: ANN401
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except tuple(known for known, _ in _ERRORS) as error:
            raise _translate(error) from error

    def close(self) -> None:
        self._stream.close()


class CheckedTransport(httpx.BaseTransport):
    """A transport of httpx over connections that were looked at."""

    def __init__(self) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=_MAX_CONNECTIONS,
            keepalive_expiry=15.0,
            network_backend=_CheckedBackend(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(asked)
        except tuple(known for known, _ in _ERRORS) as error:
            raise _translate(error) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions={})

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _translate(error: Exception) -> httpx.TransportError:
    return next(said for known, said in _ERRORS if isinstance(error, known))(str(error))


_clients: dict[str, httpx.Client] = {}
_clients_lock = threading.Lock()


def web_client() -> httpx.Client:
    """The process's client; its connections are kept and shared by all threads.

    A connection that was allowed under another setting of the address guard is not used again.
    """
    with _clients_lock:
        key = allowed_private_addresses()
        if key not in _clients:
            # trust_env=False: behind a proxy the address that answers is unknown, and with it whether it is private.
            _clients[key] = httpx.Client(
                transport=CheckedTransport(),
                timeout=TIMEOUT_SECONDS,
                trust_env=False,
                follow_redirects=False,
                headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            )
        return _clients[key]
