"""What a visitor does on a page that is recorded, and what a player of it shows."""

from typing import Any

from tests.e2e.browser import Profile, Tab
from tests.e2e.user import User, eventually

PATIENCE_S = 60.0
VIOLATIONS = """window.violated = []; addEventListener('securitypolicyviolation',
  (event) => violated.push(event.violatedDirective + ' ' + event.blockedURI))"""
# Of each player: the text of the replayed page, or else what the player itself says.
SHOWN = """[...document.querySelectorAll('rrweb-store-player')].map(({ shadowRoot }) => {
  const frame = shadowRoot?.querySelector('.replayed iframe')?.contentDocument;
  const page = frame?.querySelector('iframe')?.contentDocument?.body;
  return page?.textContent || shadowRoot?.textContent || '';
})"""


def recorded(watcher: User, page_url: str) -> str:
    """Return the address of the recording of a page, once the API has it."""

    def found() -> list[Any]:
        answer = watcher.get("/sites/tried/recordings?limit=100")
        return [one for one in answer.json()["recordings"] if one["pageUrl"] == page_url]

    (recording,) = eventually(found, bool, PATIENCE_S)
    return f"{watcher.api_url}/sites/tried/recordings/{recording['recordingId']}"


def press_twice_and_leave(profile: Profile, url: str) -> None:
    """Press the page's button twice, and leave: what was recorded is sent then."""
    tab = profile.tab()
    tab.goto(url)
    for times in (1, 2):
        tab.do("click", "button")
        eventually(lambda: text_of(tab), lambda text, n=times: f"{n} times" in text, PATIENCE_S)
    tab.goto("about:blank")


def text_of(tab: Tab) -> str:
    return tab.run("document.body.innerText")


def shows(tab: Tab, *texts: str) -> None:
    """Wait until each player shows its text, by going to its end."""
    end = "document.querySelectorAll('rrweb-store-player').forEach((one) => one.seek(one.duration))"

    def shown() -> list[str]:
        tab.run(end)
        return tab.run(SHOWN)

    eventually(
        shown,
        lambda found: all(a in b for a, b in zip(texts, found, strict=True)),
        PATIENCE_S,
    )
