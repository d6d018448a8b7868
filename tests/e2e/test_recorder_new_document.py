"""A page whose document is replaced by another one, without a new page load."""

import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.site import PATIENCE_S, Site, recording_id_of
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

WRITE = """document.open(); document.write('<!doctype html><title>New</title><h1 id="count">');
document.write('second</h1>')"""
MADE = """document.implementation.createHTMLDocument('New').documentElement"""
REPLACED = {
    "replaceChild": f"""(html => {{ html.lastChild.innerHTML = '<h1 id="count">second</h1>';
      document.replaceChild(html, document.documentElement); }})({MADE})""",
    "removed and appended later": f"""(html => {{
      html.lastChild.innerHTML = '<h1 id="count">second</h1>'; document.documentElement.remove();
      setTimeout(() => document.append(html), 20); }})({MADE})""",
    "written and closed": f"{WRITE}; document.close()",
    "written and never closed": WRITE,
    "another body": """(body => { body.innerHTML = '<h1 id="count">second</h1>';
      document.body = body; })(document.createElement('body'))""",
}


def sources(events: list[Event]) -> list[object]:
    """Return each event's type, or the source of an incremental one and what was clicked."""
    return [
        [event["data"]["source"], event["data"].get("type")]
        if event["type"] == 3
        else event["type"]
        for event in events
    ]


@pytest.mark.parametrize("how", REPLACED)
def test_a_new_document_is_recorded_with_what_happens_in_it(
    site: Site, profile: Profile, how: str
) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    tab.run(f"{REPLACED[how]}; void 0")
    eventually(lambda: tab.run("document.getElementById('count')?.textContent"), bool, PATIENCE_S)
    tab.do("click", "h1")
    tab.run("document.querySelector('h1').append(' changed'), recording.flush()")
    recording_id = recording_id_of(tab)
    events = eventually(
        lambda: site.read(recording_id).events,
        lambda read: " changed" in json.dumps(read),
        PATIENCE_S,
    )

    last = max(n for n, event in enumerate(events) if event["type"] == 2)
    since = events[last if how != "another body" else 0 :]
    assert "second" in json.dumps(since)
    assert [2, 2] in sources(since)  # the click
    assert sum(event["type"] == 2 for event in events) == (1 if how == "another body" else 2)
    tab.run("recording.stop()")
    assert site.errors(profile) == []


@pytest.mark.parametrize("how", ["replaceChild", "written and never closed"])
def test_a_new_document_sends_its_last_events_as_it_is_left(
    site: Site, profile: Profile, how: str
) -> None:
    site.options["flushMs"] = 60_000
    tab = site.visit(profile)
    tab.run("recording.flush()")
    tab.run(f"{REPLACED[how]}; void 0")
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    tab.run("void document.querySelector('h1').append(' changed')")
    site.wait_until_kept(tab, profile, len(site.read(recording_id).events))
    tab.goto("about:blank")

    eventually(
        lambda: json.dumps(site.read(recording_id).events),
        lambda read: " changed" in read,
        PATIENCE_S,
    )
