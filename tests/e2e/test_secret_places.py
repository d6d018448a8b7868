"""A secret leaves the page at no level that hides it, wherever it stands."""

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import LocalServer
from tests.e2e.secret_page import (
    ADDRESS,
    HELPERS,
    OWNERS,
    SCREENSHOT,
    TITLE,
    Page,
    places,
)
from tests.e2e.site import PATIENCE_S
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


def acts() -> str:
    calls = ",".join(
        f"""(async (into) => {{ {place.filled(place.act)} }})(section('{place.name}'))
        .catch((error) => {{ throw new Error('{place.name}: ' + error); }})"""
        for place in places()
    )
    return f"""(async () => {{
      {HELPERS} await tick(); await Promise.all([{calls}]); await tick();
    }})()"""


def missing(page: Page, level: str) -> list[str]:
    """Return the places that the level shows, and of which nothing was sent yet."""
    sent = page.all_sent()
    shown = (place for place in places() if not place.is_hidden_at(level))
    return [place.name for place in shown if place.secret.casefold() not in sent]


# Both owners at each level have a page of their own in test_secrets_at_start.py.
@pytest.mark.parametrize(
    ("level", "owner"),
    [("inputs", "user"), ("text", "visitor"), ("private", "user"), ("private", "visitor")],
)
def test_a_secret_leaves_the_page_at_no_level_that_hides_it(
    profile: Profile, level: str, owner: str
) -> None:
    page = Page(f"{OWNERS[owner]} privacy: '{level}',")
    with LocalServer(page.respond) as server:
        tab = profile.tab()
        tab.goto(f"{server.url}/?token={ADDRESS}#access_token={ADDRESS}")
        tab.run(acts())
        # A picture is read and stored when the page has nothing else to do.
        eventually(lambda: missing(page, level), lambda names: names == [], PATIENCE_S)
        tab.run("recording.stop()")
        errors = tab.run("errors")

    sent = page.all_sent()
    assert errors == []
    assert {place.name: place.secret.casefold() in sent for place in places()} == {
        place.name: not place.is_hidden_at(level) for place in places()
    }
    assert ADDRESS.casefold() not in sent
    assert (TITLE.casefold() in sent) == (level == "inputs")
    assert (SCREENSHOT.casefold() in sent) == (level == "inputs" and owner == "user")
