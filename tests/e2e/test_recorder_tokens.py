"""Tokens that are good for seconds: the recording goes on with the next, and loses nothing."""

import time
from dataclasses import dataclass, field
from itertools import count

import pytest

from sandbox.server import Sandbox
from tests.e2e.browser import Profile
from tests.e2e.local_http import CORS, Answer, Asked, Go, LocalServer
from tests.e2e.site import DRAWN, HTML, PATIENCE_S, Site, assert_each_event_once, recording_id_of
from tests.e2e.tokens import signed_by_the_pool
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

NEW_TOKEN = "window.newToken = () => fetch('/token').then((answer) => answer.text());"


@dataclass
class Heard:
    """What the API said to each request that had a token, and the tokens."""

    statuses: list[int] = field(default_factory=list[int])
    tokens: list[str] = field(default_factory=list[str])
    expired: set[str] = field(default_factory=set[str])
    """These are refused, as the API refuses a token that is over."""

    def __call__(self, asked: Asked, go: Go) -> Answer:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        answer = Answer(401, CORS) if token in self.expired else go()
        if token:
            self.statuses.append(answer.status)
            self.tokens.append(token)
        return answer


def give_tokens(site: Site, sandbox: Sandbox) -> Heard:
    """Let the site give another token each time, and return what the API hears and says."""
    expires_s = count(int(time.time()) + 600)

    def token() -> Answer:
        text = signed_by_the_pool(sandbox, site.user, exp=next(expires_s))
        return Answer(200, {"Content-Type": "text/plain"}, text.encode())

    site.pages["/token"] = token
    site.proxy.fault = heard = Heard()
    return heard


def test_each_request_has_a_token_that_was_asked_for_before_it(
    site: Site, profile: Profile, sandbox: Sandbox
) -> None:
    heard = give_tokens(site, sandbox)
    tab = site.visit(profile, before=NEW_TOKEN)
    tab.run("count(); recording.flush()")
    tab.run("count(); recording.flush()")

    assert_each_event_once(site, profile, recording_id_of(tab))
    assert len(set(heard.tokens)) == len(heard.tokens) >= 3
    assert 401 not in heard.statuses


def test_another_token_is_asked_for_when_one_is_not_taken(
    site: Site, profile: Profile, sandbox: Sandbox
) -> None:
    heard = give_tokens(site, sandbox)
    tab = site.visit(profile, before=NEW_TOKEN)
    tab.run("count(); recording.flush()")
    over = signed_by_the_pool(sandbox, site.user, exp=int(time.time()) - 1)
    tab.run(f"const next = newToken; newToken = async () => (newToken = next, {over!r})")
    tab.run("count(); recording.flush()")

    assert_each_event_once(site, profile, recording_id_of(tab))
    assert heard.statuses.count(401) == 1
    assert site.errors(profile) == []


def test_a_page_that_is_left_with_an_expired_token_loses_nothing(
    site: Site, profile: Profile, sandbox: Sandbox
) -> None:
    heard = give_tokens(site, sandbox)
    site.options["flushMs"] = 60_000
    tab = site.visit(profile, before=NEW_TOKEN)
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    tab.run("count(5)")
    heard.expired.update(heard.tokens)
    with LocalServer(lambda _: Answer(200, HTML, b"<title>Elsewhere</title>")) as elsewhere:
        tab.run(f"void setTimeout(() => location.assign({elsewhere.url!r}), 0)")
        eventually(lambda: heard.statuses, lambda said: 401 in said, PATIENCE_S)
    tab.goto(f"{site.url}/other")
    tab.run(DRAWN)
    tab.run("recording.flush()")

    assert recording_id_of(tab) == recording_id
    assert_each_event_once(site, profile, recording_id)
