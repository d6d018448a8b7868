"""The shop of the sandbox: what each page has, and what it refuses."""

import asyncio
import re

import httpx
import pytest

from sandbox.program import PROJECT
from sandbox.shop.asgi import PAGES, TAG_FILE, shop_app

SITE_URL = "http://127.0.0.1:8081"
WRITE_URL = "http://127.0.0.1:8080/v1/w/wk_sandbox0sandbox0sandbox0"
TAG = (
    '<script async src="http://127.0.0.1:8081/page-copy.js" '
    'data-write-url="http://127.0.0.1:8080/v1/w/wk_sandbox0sandbox0sandbox0" '
    'data-privacy="text" data-console data-network data-vitals></script>'
)
POLICY = (
    "default-src 'none'; script-src 'self' http://127.0.0.1:8081; "
    "connect-src http://127.0.0.1:8080; style-src 'self'; img-src 'self'; form-action 'self'"
)


def ask(method: str, path: str, data: dict[str, str] | None = None) -> httpx.Response:
    """Return the shop's answer."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(shop_app(SITE_URL, WRITE_URL))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await client.request(method, path, data=data)

    return asyncio.run(answer())


def described(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, type and policy of an answer."""
    headers = answer.headers
    return answer.status_code, headers["content-type"], headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/teas/sencha", "/teas/%F0%9F%8D%B5", "/cart", "/thanks"])
def test_each_page_has_the_tag_of_the_site_once_and_a_strict_policy(path: str) -> None:
    answer = ask("GET", path)

    assert described(answer) == (200, "text/html; charset=utf-8", POLICY)
    assert re.findall(r"<script [^>]*data-[^>]*></script>", answer.text) == [TAG]
    assert "<!-- script tag -->" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/teas/a/b", "/pages/cart.html", "/..%2Fasgi.py"])
def test_an_unknown_address_is_a_page_of_the_shop_too(path: str) -> None:
    answer = ask("GET", path)

    assert described(answer) == (404, "text/html; charset=utf-8", POLICY)
    assert TAG in answer.text
    assert "There is no such page" in answer.text


def test_an_order_leads_to_an_address_without_what_was_typed() -> None:
    answer = ask("POST", "/order", data={"name": "typed"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/thanks")


def test_every_file_is_served_and_no_page_needs_another_origin_but_for_the_tag() -> None:
    files = sorted(path.name for path in PAGES.iterdir() if path.suffix != ".html")

    assert {name: ask("GET", f"/{name}").status_code for name in files} == {
        "icon.svg": 200,
        "shop.css": 200,
        "shop.js": 200,
    }
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES.iterdir())
    assert set(re.findall(r"https?://\S+?(?=\")", text)) == {"http://www.w3.org/2000/svg"}


def test_no_page_has_a_style_or_a_script_that_its_policy_refuses() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.html"))

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)[^>]*>", pages) == []


def test_the_tag_loads_the_file_that_the_recorder_builds() -> None:
    built = (PROJECT / "web" / "recorder" / "tag-file.mjs").read_text(encoding="utf-8")

    assert f"TAG_FILE = '{TAG_FILE}';" in built
