"""The site on a sandbox, and what a watcher does on it in any browser."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.program import PROJECT
from sandbox.users import PASSWORD, email_of
from tests.browsers.browser import PATIENCE_S, Browser, Tab, eventually
from tests.browsers.chromium import ChromiumTab
from tests.browsers.firefox import FirefoxTab
from tests.browsers.webkit import WebKit, WebKitTab

PICTURES = PROJECT / "web" / "site" / "pictures" / "browsers"
READY = "!!document.querySelector('.player .round:enabled')"
REPLAYED = "document.querySelector('.player iframe').contentDocument"
# Texts and boxes of all elements of a page that have a name.
FACTS = """(document) => Object.fromEntries([...document.querySelectorAll('[id]')].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [one.id, { box: [x, y, width, height].map(Math.round),
    text: one.matches('input, select, textarea') ? '' : one.textContent.trim() }];
}))"""

Facts = dict[str, dict[str, Any]]


def wait_for(tab: Tab, expression: str) -> Any:
    """Return what an expression gives once that is true."""
    return eventually(lambda: tab.run(expression), bool, PATIENCE_S)


def press_button(tab: Tab, text: str) -> None:
    """Press the button or link with a text, once it is there."""
    named = json.dumps(text)
    found = f"""[...document.querySelectorAll('button, a')].find((one) =>
      one.textContent.trim() === {named} || one.getAttribute('aria-label') === {named})"""
    wait_for(tab, f"!!{found}")
    tab.run(f"void ({found}.id = 'pressed-by-test')")
    tab.click("#pressed-by-test")
    tab.run("void document.querySelector('#pressed-by-test')?.removeAttribute('id')")


def sign_in(tab: Tab, url: str, user: str) -> None:
    """Open a page of the site and sign in as a person does."""
    tab.goto(url)
    press_button(tab, "Sign in")
    wait_for(tab, "!!document.querySelector('[name=username]')")
    for name, typed in {"username": email_of(user), "password": PASSWORD}.items():
        tab.click(f"[name={name}]")
        tab.press(typed)
    tab.click("button[type=submit]")
    wait_for(tab, "!!document.querySelector('header.bar')")  # the code has been exchanged


def resize(browser: Browser, tab: Tab, width: int, height: int) -> None:
    """Make the part of the window that shows pages this large, or as near as the browser can."""
    if isinstance(tab, FirefoxTab):
        viewport = {"width": width, "height": height}
        tab.remote.call("browsingContext.setViewport", context=tab.context, viewport=viewport)
    elif isinstance(tab, ChromiumTab):
        metrics: dict[str, object] = {"width": width, "height": height, "deviceScaleFactor": 1}
        tab.call("Emulation.setDeviceMetricsOverride", mobile=False, **metrics)
    else:
        assert isinstance(browser, WebKit)
        assert isinstance(tab, WebKitTab)
        chrome = tab.run("[outerWidth - innerWidth, outerHeight - innerHeight]")
        browser.driver.set_window_size(width + chrome[0], height + chrome[1])
    eventually(lambda: tab.run("innerWidth"), lambda now: now <= width + 80, PATIENCE_S)


def picture(tab: Tab, name: str) -> Path:
    """Keep what is seen, for a person to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    path.write_bytes(tab.screenshot())
    return path


def at_rest(tab: Tab, ask: Callable[[], Any]) -> Any:
    """Return an answer that was the same twice, once fonts and frames are drawn."""
    drawn = "new Promise((soon) => requestAnimationFrame(() => requestAnimationFrame(soon)))"
    before = None
    while True:
        tab.run(drawn)
        now = ask()
        if now == before:
            return now
        before = now
