"""The distribution as an ASGI application."""

from functools import partial

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.website.distribution import Distribution


def website_app(distribution: Distribution) -> ASGIApp:
    """Return an application that answers HTTP requests as the distribution does."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = scope["raw_path"].split(b"?", 1)[0].decode("latin-1")
        answer = await anyio.to_thread.run_sync(
            partial(distribution.answer, request.method, path, dict(request.headers))
        )
        headers = dict(answer.headers)
        if answer.status != 304:
            headers["Content-Length"] = str(len(answer.body))
        body = b"" if request.method == "HEAD" else answer.body
        await Response(body, answer.status, headers)(scope, receive, send)

    return app
