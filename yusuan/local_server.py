"""A Prefect server on this machine that lives exactly as long as the process that started it.

``python -m yusuan.local_server FD`` serves on the listening socket FD until its standard input closes, which happens
however its parent ends. A server left behind by a killed run would hold the database and a port for ever.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

_GRACE_SECONDS = 5.0
"""How long the server may take to end by itself."""


def main(descriptor: int) -> None:
    """Serve until the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import uvicorn  # slow to import: the watch above comes first

    listener = socket.socket(fileno=descriptor)
    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[listener])


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    threading.Timer(_GRACE_SECONDS, os._exit, (1,)).start()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C reaches the whole group: the parent decides
    main(int(sys.argv[1]))
