"""The shop as an ASGI application: its pages, each with the tag and a strict policy."""

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

TAG_FILE = "page-copy.js"
"""The script that the tag loads from the replay site: `TAG_FILE` of web/recorder."""
PRIVACY = "text"
PAGES = Path(__file__).with_name("pages")
_PAGES = {"/": "teas", "/teas/{tea}": "tea", "/cart": "cart", "/thanks": "thanks"}
_FILES = ("shop.css", "shop.js", "icon.svg")


def shop_app(site_url: str, write_url: str) -> ASGIApp:
    """Return an application that serves the shop.

    Args:
        site_url: The replay site, which serves the script.
        write_url: Where the script sends what it records, as in the stack's output `sites`.
    """
    tag = script_tag(site_url, write_url)
    headers = {
        "Content-Security-Policy": content_policy(site_url, write_url),
        "Cache-Control": "no-cache",
    }

    def page(name: str, status: int = 200) -> Response:
        text = page_text(name).replace("<!-- script tag -->", tag)
        return Response(text, status, headers, "text/html; charset=utf-8")

    def shown(request: Request) -> Response:
        return page(_PAGES[request.scope["route"].path])

    def file(request: Request) -> Response:
        return FileResponse(PAGES / request.url.path.removeprefix("/"), headers=headers)

    async def ordered(request: Request) -> Response:
        await request.body()  # a connection that is closed before is reset, and no page is shown
        return RedirectResponse("/thanks", 303, headers)

    def not_found(_request: Request, _error: Exception) -> Response:
        return page("not-found", 404)

    return Starlette(
        routes=[
            *(Route(path, shown) for path in _PAGES),
            *(Route(f"/{name}", file) for name in _FILES),
            Route("/order", ordered, methods=["POST"]),
        ],
        exception_handlers={404: not_found},
    )


def page_text(name: str) -> str:
    """Return a page in the frame of all pages: its file has a line with its title, and its main."""
    frame = (PAGES / "frame.html").read_text(encoding="utf-8")
    title, main = (PAGES / f"{name}.html").read_text(encoding="utf-8").split("\n", 1)
    return frame.replace("<!-- title -->", title).replace("<!-- main -->\n", main)


def script_tag(site_url: str, write_url: str) -> str:
    """Return the tag that a site pastes into its pages.

    >>> script_tag("https://replay.example", "https://api.example/v1/w/wk_1")[:60]
    '<script async src="https://replay.example/page-copy.js" data'
    """
    return (
        f'<script async src="{escape(site_url)}/{TAG_FILE}" '
        f'data-write-url="{escape(write_url)}" data-privacy="{PRIVACY}" '
        "data-console data-network data-vitals></script>"
    )


def content_policy(site_url: str, write_url: str) -> str:
    """Return the strictest policy of a page with the tag: it needs two more origins.

    >>> content_policy("https://replay.example", "https://api.example/v1/w/wk_1")[:60]
    "default-src 'none'; script-src 'self' https://replay.example"
    """
    return (
        f"default-src 'none'; script-src 'self' {_origin(site_url)}; "
        f"connect-src {_origin(write_url)}; "
        "style-src 'self'; img-src 'self'; form-action 'self'"
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
