"""Tokens that are good for seconds: the recording goes on with the next, and loses nothing."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sandbox.server import Sandbox
from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer, Asked, LocalServer
from tests.e2e.site import HTML, PATIENCE_S, Site, assert_each_event_once, recording_id_of
from tests.e2e.tokens import signed_by_the_pool
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

NEW_TOKEN = "window.newToken = () => fetch('/token').then((answer) => answer.text());"
GOOD_FOR_S = 6


@dataclass
class Heard:
    """What the API said, and until when each bearer was good."""

    statuses: list[int] = field(default_factory=list[int])
    left_s: list[float] = field(default_factory=list[float])
    """How long the token of each request still was good when it came."""

    def __call__(self, asked: Asked, go: Callable[[], Answer]) -> Answer:
        answer = go()
        if bearer := asked.headers.get("authorization"):
            payload = bearer.split(".")[1]
            expires_s = json.loads(base64.urlsafe_b64decode(payload + "=="))["exp"]
            self.statuses.append(answer.status)
            self.left_s.append(expires_s - time.time())
        return answer


def give_tokens(site: Site, sandbox: Sandbox, good_for_s: int) -> Heard:
    """Let the site give tokens that expire so soon, and return what the API hears and says."""

    def token() -> Answer:
        expires_s = int(time.time()) + good_for_s
        text = signed_by_the_pool(sandbox, site.user, exp=expires_s)
        return Answer(200, {"Content-Type": "text/plain"}, text.encode())

    site.pages["/token"] = token
    site.proxy.fault = heard = Heard()
    return heard


def test_a_token_is_asked_for_before_each_request_and_so_is_never_over(
    site: Site, profile: Profile, sandbox: Sandbox
) -> None:
    heard = give_tokens(site, sandbox, GOOD_FOR_S)
    tab = site.visit(profile, before=NEW_TOKEN)
    tab.run("count(); recording.flush()")
    time.sleep(GOOD_FOR_S + 1)
    tab.run("count(); recording.flush()")

    assert_each_event_once(site, profile, recording_id_of(tab))
    assert 401 not in heard.statuses
    assert min(heard.left_s) > 0
    assert site.tokens_asked(profile) >= len(heard.statuses)


def test_another_token_is_asked_for_when_one_is_not_taken(
    site: Site, profile: Profile, sandbox: Sandbox
) -> None:
    heard = give_tokens(site, sandbox, GOOD_FOR_S)
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
    heard = give_tokens(site, sandbox, GOOD_FOR_S)
    site.options["flushMs"] = 60_000
    tab = site.visit(profile, before=NEW_TOKEN)
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    tab.run("count(5)")
    time.sleep(max(heard.left_s) + 1)
    with LocalServer(lambda _: Answer(200, HTML, b"<title>Elsewhere</title>")) as elsewhere:
        tab.run(f"void setTimeout(() => location.assign({elsewhere.url!r}), 0)")
        eventually(lambda: heard.statuses, lambda said: 401 in said, PATIENCE_S)
    tab.goto(f"{site.url}/other")
    tab.run("recording.flush()")

    assert recording_id_of(tab) == recording_id
    assert_each_event_once(site, profile, recording_id)
