"""What the tests of this folder ask of each browser."""

from selenium.webdriver.common.keys import Keys

from tests.browsers.browser import PATIENCE_S, Browser, eventually
from tests.e2e.local_http import Answer, LocalServer

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"""<!doctype html><title>Page</title><input aria-label="name">
<button onclick="document.title = 'Pressed'">Press</button><a href="/next">next</a>"""


def test_a_tab_is_used_as_by_a_person(browser: Browser) -> None:
    with LocalServer(lambda asked: Answer(200, HTML, PAGE)) as server:
        tab = browser.tab()
        tab.goto(server.url)
        tab.click("button")
        assert tab.run("document.title") == "Pressed"

        tab.click("input")
        tab.press("Zoë 🚢")
        assert tab.run("document.querySelector('input').value") == "Zoë 🚢"

        tab.reload()
        assert tab.run("document.title") == "Page"

        tab.click("a")
        eventually(lambda: tab.run("location.pathname"), lambda path: path == "/next", PATIENCE_S)
        tab.back()
        eventually(lambda: tab.run("location.pathname"), lambda path: path == "/", PATIENCE_S)
        assert tab.screenshot().startswith(b"\x89PNG")
        tab.close()


def test_keys_without_a_character_have_their_names(browser: Browser) -> None:
    with LocalServer(lambda asked: Answer(200, HTML, PAGE)) as server:
        tab = browser.tab()
        tab.goto(server.url)
        tab.run("void (window.pressed = [], onkeydown = ({ key }) => void pressed.push(key))")
        tab.press(Keys.END + Keys.HOME + Keys.ARROW_RIGHT)

        assert tab.run("pressed") == ["End", "Home", "ArrowRight"]
        tab.close()


def test_a_window_stands_beside_the_tab(browser: Browser) -> None:
    with LocalServer(lambda asked: Answer(200, HTML, PAGE)) as server:
        tab, window = browser.tab(), browser.window()
        tab.goto(f"{server.url}/tab")
        window.goto(f"{server.url}/window")

        assert window.run("location.pathname") == "/window"
        window.close()
        assert tab.run("location.pathname") == "/tab"
        tab.close()
