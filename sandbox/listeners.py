"""Ports of this machine, opened before what is served on them is ready."""

import errno
import logging
import socket
import threading
import time
from collections.abc import Mapping, Sequence

import uvicorn
from starlette.types import ASGIApp

from sandbox.deployment import DeploymentError


class PortInUseError(DeploymentError):
    """The port is in use; the message says how to choose another."""


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def listen_all(ports: Mapping[str, int]) -> list[socket.socket]:
    """Return a listener for each port, by the option that chooses it; 0 is any free port.

    Raises:
        PortInUseError: A port is in use. None stays open.
        DeploymentError: A port is invalid.
    """
    listeners: list[socket.socket] = []
    try:
        for option, port in ports.items():
            listeners.append(_listen(port, option))
    except BaseException:
        close_all(listeners)
        raise
    return listeners


def close_all(listeners: Sequence[socket.socket]) -> None:
    for listener in listeners:
        listener.close()


def _listen(port: int, option: str) -> socket.socket:
    # With the protocol set, asyncio sends small answers without delay (TCP_NODELAY).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"port {port} of 127.0.0.1 is in use: end the process that listens there, or "
                f"choose another with {option}"
            ) from error
        raise DeploymentError(
            f"cannot listen on port {port} of 127.0.0.1 ({error}): choose another with {option}"
        ) from error
    return listener


def serve_app(app: ASGIApp, listener: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    config = uvicorn.Config(
        app,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        lifespan="off",
        # A client on a busy machine uses a connection again later than it means to.
        timeout_keep_alive=60,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    return server, thread
