"""Two users of one browser: nothing that one of them did is in a recording of the other."""

import base64
import gzip
import json
from collections.abc import Callable

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer, Asked, down
from tests.e2e.site import (
    HIDE,
    KEPT,
    LATER,
    PATIENCE_S,
    Site,
    recording_id_of,
    wait_until_back,
)
from tests.e2e.user import User, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

MARK = "private-of-the-first-user"
WRITE = f"void (list.textContent = '{MARK}')"
WIPE = "void (list.textContent = '')"
OUTBOX = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder', 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map(({ owner, recordingId, sequence }) => [owner, recordingId, sequence]));
    };
  };
})"""
# As the release before left it: without a user, or with none that is known.
PLANT = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder', 1);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('parcels', 'readwrite');
    const one = { apiUrl: config.options.apiUrl, recordingId: 'before', sequence: 0, events: 1,
      text: '{"type":5,"data":{},"timestamp":1}', assets: [], open: false, keptAtMs: Date.now() };
    transaction.objectStore('parcels').put({ ...one, key: 'a' });
    transaction.objectStore('parcels').put({ ...one, key: 'b', owner: null, sequence: 1 });
    transaction.oncomplete = () => { opening.result.close(); resolve(0); };
  };
})"""


def go(tab: Tab, url: str) -> None:
    """Leave the page as by a link, and return when the next one is there."""
    tab.run(f"void setTimeout(() => location.assign({url!r}), 0)")
    tab.do("waitForURL", url)


def sub_of(asked: Asked) -> str:
    """Return whose token came with it; "" for one that names no user."""
    payload = asked.headers["authorization"].partition(".")[2].partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))["sub"] if payload else ""


def users_of(site: Site) -> dict[str, set[str]]:
    """Return with whose tokens each recording was sent."""
    users: dict[str, set[str]] = {}
    for asked in site.proxy.asked:
        if "authorization" in asked.headers and "/recordings/" in asked.path:
            users.setdefault(asked.path.split("/")[2], set()).add(sub_of(asked))
    return users


def text_of(asked: Asked) -> str:
    is_gzip = asked.headers.get("content-type") == "application/gzip"
    return (gzip.decompress(asked.body) if is_gzip else asked.body).decode()


def texts_of(site: Site, user: User) -> str:
    """Return all that was sent with the user's tokens."""
    return "\n".join(
        text_of(one)
        for one in site.proxy.asked
        if "authorization" in one.headers and sub_of(one) == user.sub
    )


def mine(user: User) -> set[str]:
    return {one["recordingId"] for page in user.listed() for one in page}


def became(tab: Tab, first: str) -> str:
    """Return the id of the recording that followed the first one, once it has begun."""
    return eventually(
        lambda: recording_id_of(tab), lambda found: found not in ("", first), PATIENCE_S
    )


def read_with(site: Site, recording_id: str, text: str) -> None:
    """Wait until the first user's recording is whole and holds the text."""
    reading = eventually(
        lambda: site.read(recording_id),
        lambda reading: text in json.dumps(reading.events),
        PATIENCE_S,
    )
    assert (reading.skipped, reading.missing) == (0, None)


def test_another_user_on_the_next_page_gets_a_new_recording(
    site: Site, profile: Profile, other: User
) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    first = recording_id_of(tab)
    site.proxy.fault = down
    tab.run(WRITE)
    eventually(lambda: tab.run(KEPT), lambda kept: kept >= 1, PATIENCE_S)
    site.token = other.token
    site.proxy.fault = None
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.flush()")
    second = became(tab, first)
    tab.run("recording.flush()")

    assert users_of(site) == {first: {site.user.sub}, second: {other.sub}}
    assert (second in mine(other), first in mine(other)) == (True, False)
    assert MARK not in texts_of(site, other)
    reading = other.read(second)
    assert [event["type"] for event in reading.events].count(2) == 1
    assert (reading.skipped, reading.missing) == (0, None)

    site.token = None
    site.visit(profile, "/other", before=LATER)
    read_with(site, first, MARK)
    assert users_of(site)[first] == {site.user.sub}
    assert first not in mine(other)


def test_another_user_on_the_same_page_gets_a_new_recording(
    site: Site, profile: Profile, other: User
) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    first = recording_id_of(tab)
    site.proxy.fault = down
    tab.run(f"{WRITE}; recording.flush()")
    site.proxy.fault = None
    tab.run(f"window.token = {other.token!r}; {WIPE}; count(7); recording.flush()")
    second = became(tab, first)
    tab.run("count(5); recording.flush()")

    assert users_of(site) == {first: {site.user.sub}, second: {other.sub}}
    assert MARK not in texts_of(site, other)
    reading = other.read(second)
    assert [event["type"] for event in reading.events[:2]] == [4, 2]
    assert (reading.skipped, reading.missing) == (0, None)
    assert {one for one, _, _ in tab.run(OUTBOX)} == {site.user.sub}

    site.token = None
    site.visit(profile, "/other")
    read_with(site, first, MARK)
    # What was gathered since the last call of getToken is in neither recording.
    assert json.dumps(site.read(first).events).count('"textContent": "7"') == 0
    assert first not in mine(other)


def test_each_of_two_tabs_sends_only_its_own_user_s_batches(
    site: Site, profile: Profile, other: User
) -> None:
    site.proxy.fault = down
    tab = site.visit(profile)
    tab.run(WRITE)
    first = recording_id_of(tab)
    site.close_once_kept(tab, 3)
    site.proxy.fault = None
    site.token = other.token
    second = site.visit(profile, "/other")
    second.run("recording.flush()")
    site.token = None
    third = site.visit(profile, "/other")
    third.run("count(3); recording.flush()")
    second.run("count(3); recording.flush()")
    read_with(site, first, MARK)

    assert users_of(site) == {
        first: {site.user.sub},
        recording_id_of(second): {other.sub},
        recording_id_of(third): {site.user.sub},
    }
    assert MARK not in texts_of(site, other)


UNKNOWN: dict[str, str] = {
    "no token is given": "window.newToken = () => Promise.reject(new Error('signed out'));",
    "the token is empty": "window.newToken = async () => '';",
    "the token is no JWT": "window.newToken = async () => 'opaque';",
    "no token comes": "window.newToken = () => new Promise(() => {});",
}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN)
def test_nothing_is_kept_while_the_user_is_unknown(
    site: Site, profile: Profile, unknown: str
) -> None:
    tab = site.visit(profile, before=unknown)
    # A timer that is due after the recorder's, which keeps every 2 s.
    tab.run(f"{WRITE}; void recording.flush(); new Promise((soon) => setTimeout(soon, 2500))")
    tab.run(HIDE)
    assert tab.run(KEPT) == 0
    tab.close()

    site.visit(profile, "/other").run("recording.flush()")
    assert MARK not in texts_of(site, site.user)


def test_actions_while_signed_out_are_in_no_recording(
    site: Site, profile: Profile, other: User
) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    first = recording_id_of(tab)
    tab.run(f"window.newToken = {UNKNOWN['no token is given'].partition('= ')[2]}")
    tab.run(f"{WRITE}; recording.flush()")
    tab.run(f"window.newToken = async () => {other.token!r}; {WIPE}; recording.flush()")
    second = became(tab, first)
    tab.run("recording.flush()")
    site.visit(profile, "/other").run("recording.flush()")

    assert users_of(site)[second] == {other.sub}
    assert [user for user in (site.user, other) if MARK in texts_of(site, user)] == []


def test_a_page_that_comes_back_to_another_user_is_recorded_for_them(
    site: Site, profile: Profile, other: User
) -> None:
    tab = site.visit(profile)
    first = recording_id_of(tab)
    tab.run("addEventListener('pageshow', (e) => { window.cameBack = e.persisted; })")
    tab.run(f"{WRITE}; recording.flush()")
    tab.run(f"void addEventListener('pagehide', () => (window.token = {other.token!r})); {WIPE}")
    site.token = other.token
    go(tab, f"{site.url}/other")
    tab.run("recording.flush()")
    second = became(tab, first)
    tab.run("setTimeout(() => history.back(), 0)")
    wait_until_back(tab)
    tab.run("count(3); recording.flush()")

    # The same, unless the browser has not told this page yet that the other was left.
    third = became(tab, first)
    reading = eventually(
        lambda: other.read(third),
        lambda reading: json.dumps(reading.events[-1:]).count('"textContent": "3"') == 1,
        PATIENCE_S,
    )
    assert (reading.skipped, reading.missing) == (0, None)
    users = users_of(site)
    assert users.pop(first) == {site.user.sub}
    assert users == {second: {other.sub}, third: {other.sub}}
    assert MARK not in texts_of(site, other)


def test_a_recording_that_is_paused_stays_so_for_the_next_user(
    site: Site, profile: Profile, other: User
) -> None:
    tab = site.visit(profile)
    tab.run("count(1); recording.flush()")
    first = recording_id_of(tab)
    tab.run(f"recording.pause(); {WRITE}; window.token = {other.token!r}")
    tab.run("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    second = became(tab, first)
    tab.run("count(5); recording.flush()")
    assert [one.path for one in site.proxy.asked if second in one.path] == []

    tab.run(f"{WIPE}; recording.resume(); recording.flush()")
    events = eventually(lambda: other.read(second).events, bool, PATIENCE_S)
    assert [event["type"] for event in events[:2]] == [4, 2]
    assert MARK not in texts_of(site, other)


def test_batches_that_an_earlier_release_kept_without_a_user_are_never_sent(
    site: Site, profile: Profile
) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    tab.run(PLANT)
    later = site.visit(profile, "/other")
    later.run("recording.flush()")
    eventually(lambda: later.run(OUTBOX), lambda kept: kept == [], PATIENCE_S)

    assert "before" not in users_of(site)


def test_users_are_kept_apart_without_storage_too(
    site: Site, profile: Profile, other: User
) -> None:
    without = """for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
      Object.defineProperty(window, name, { get() { throw new DOMException('no'); } });"""
    tab = site.visit(profile, before=without)
    tab.run(f"{WRITE}; recording.flush()")
    first = recording_id_of(tab)
    tab.run(f"window.token = {other.token!r}; {WIPE}; recording.flush()")
    second = became(tab, first)
    tab.run("count(3); recording.flush()")

    assert users_of(site) == {first: {site.user.sub}, second: {other.sub}}
    assert MARK not in texts_of(site, other)


def test_a_batch_is_not_sent_again_with_another_user_s_token_after_a_401(
    site: Site, profile: Profile, other: User
) -> None:
    """The API says 401 to the first user's batch, and the page then gives the next one's token."""
    turned: list[str] = []

    def expired(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if turned or MARK not in text_of(asked):
            return forward()
        turned.append(sub_of(asked))
        return Answer(401, {"Access-Control-Allow-Origin": "*"})

    site.proxy.fault = expired
    tab = site.visit(profile)
    tab.run("recording.flush()")
    first = recording_id_of(tab)
    tab.run("window.newToken = async () => window.tokens.shift() ?? window.last")
    tab.run(f"window.tokens = [window.token]; window.last = {other.token!r}; {WRITE}")
    tab.run("recording.flush()")
    became(tab, first)
    tab.run(f"{WIPE}; recording.flush()")

    assert turned == [site.user.sub]
    assert users_of(site)[first] == {site.user.sub}
    site.token = None
    site.visit(profile, "/other")
    read_with(site, first, MARK)
