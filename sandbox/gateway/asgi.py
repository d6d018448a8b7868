"""The gateway as an ASGI application."""

from functools import partial

import anyio.to_thread
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.gateway.gateway import Gateway
from sandbox.gateway.payload import MAX_PAYLOAD_BYTES
from sandbox.gateway.request import Request

# A body is read up to one byte over the limit, enough to refuse it.
_READ_LIMIT = MAX_PAYLOAD_BYTES + 1


def gateway_app(gateway: Gateway) -> ASGIApp:
    """Return an application that answers every HTTP request through the gateway."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        http = HttpRequest(scope, receive)
        try:
            body = await _body(http)
        except ClientDisconnect:
            return  # the client is gone
        request = Request(
            method=http.method,
            raw_path=scope["raw_path"].split(b"?", 1)[0].decode("latin-1"),
            raw_query=scope["query_string"].decode("latin-1"),
            # ASGI has the names in lower case: every client looks like a browser that uses HTTP/2.
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
            ),
            body=body,
            source_ip=http.client.host if http.client else "127.0.0.1",
        )
        answer = await anyio.to_thread.run_sync(partial(gateway.answer, request))
        body_out = b"" if http.method == "HEAD" else answer.body
        await Response(body_out, answer.status, answer.headers)(scope, receive, send)

    return app


async def _body(http: HttpRequest) -> bytes:
    """Return the body, cut one byte over the limit; the rest is read and dropped."""
    parts: list[bytes] = []
    size = 0
    async for part in http.stream():
        if size < _READ_LIMIT:
            parts.append(part)
        size += len(part)
    return b"".join(parts)[:_READ_LIMIT]
