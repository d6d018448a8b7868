"""Adds latency to a service on this machine, as between two machines."""

import asyncio
import threading
from contextlib import suppress
from typing import Self

_CHUNK_BYTES = 64 * 1024
_START_PATIENCE_S = 5.0

_Due = asyncio.Queue[tuple[float, bytes]]


class LatencyProxy:
    """A TCP proxy on the loopback that delays answers without limiting their throughput.

    It changes no bytes, so signatures over the host stay valid. `stop` ends it.
    """

    def __init__(self, endpoint: str, delay_s: float) -> None:
        """Start it.

        Args:
            endpoint: URL of the service, such as `http://127.0.0.1:4566`.
            delay_s: Delay of each part of an answer, in seconds.
        """
        self._host, _, port = endpoint.removeprefix("http://").partition(":")
        self._port = int(port)
        self._delay_s = delay_s
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=[ready], daemon=True)
        self._thread.start()
        if not ready.wait(_START_PATIENCE_S):
            raise RuntimeError("the proxy did not start")

    def stop(self) -> None:
        """End it, and every connection through it."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        """URL to call instead of the service's."""
        ready.set()
        await self._ended.wait()
        server.close()  # the runner cancels open connections

    async def _connection(
        self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter
    ) -> None:
        service_in, service_out = await asyncio.open_connection(self._host, self._port)
        due: _Due = asyncio.Queue()
        try:
            await asyncio.gather(
                _forward(client_in, service_out),
                self._receive(service_in, due),
                _deliver(due, client_out),
            )
        except (OSError, asyncio.CancelledError):
            return  # either side has disconnected, or the proxy has ended
        finally:
            service_out.close()
            client_out.close()

    async def _receive(self, reader: asyncio.StreamReader, due: _Due) -> None:
        now = asyncio.get_running_loop().time
        while data := await reader.read(_CHUNK_BYTES):
            due.put_nowait((now() + self._delay_s, data))
        due.put_nowait((now() + self._delay_s, b""))


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()


async def _deliver(due: _Due, writer: asyncio.StreamWriter) -> None:
    while True:
        at, data = await due.get()
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        if not data:
            writer.close()
            return
        writer.write(data)
        await writer.drain()
