"""Signing in by a browser, by pasting, and staying signed in."""

import io
import json
import re
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rrweb_store import loopback
from rrweb_store.loopback import redirect_uri
from tests.cli.fake_store import CONFIG_JSON, FakeStore, Said, Terminal, id_token, json_answer

TOKEN = "/oauth2/token"
Browser = Callable[[str], object]


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def back(url: str, **answer: str) -> str:
    """Return where the sign-in at `url` leads to."""
    asked = query(url)
    return f"{asked['redirect_uri']}?{httpx.QueryParams({'state': asked['state'], **answer})}"


@pytest.fixture
def signed_out(store: FakeStore, terminal: Terminal) -> Terminal:
    terminal.app().sign_ins.remove("https://replay.example")
    store.on("GET", "/config.json", json_answer(CONFIG_JSON))
    store.on("POST", TOKEN, json_answer({"id_token": id_token(), "refresh_token": "refresh-9"}))
    store.on("GET", "/v1/sites", json_answer({"sites": []}))
    return terminal


def arrive(url: str) -> httpx.Response:
    return httpx.get(url, timeout=40)


@dataclass
class Visits:
    """What the browser does with the address that it is opened at."""

    browser: Browser = print
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def open(self, url: str) -> bool:
        self._threads.append(threading.Thread(target=self.browser, args=(url,)))
        self._threads[-1].start()
        return True

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visits]:
    visits = Visits()
    monkeypatch.setattr(webbrowser, "open", visits.open)
    yield visits
    visits.wait()


def login(terminal: Terminal, *options: str) -> Said:
    return terminal.run("login", "--site", "https://replay.example/sites/shop", *options)


def test_the_code_is_taken_from_the_browser_and_proven_by_its_verifier(
    signed_out: Terminal, store: FakeStore, visits: Visits
) -> None:
    seen: list[str] = []
    pages: list[httpx.Response] = []

    def browser(url: str) -> None:
        seen.append(url)
        pages.append(arrive(back(url, code="code-1")))

    visits.browser = browser
    said = login(signed_out)
    visits.wait()

    assert (said.code, "ada@example.com" in said.err) == (0, True)
    asked = query(seen[0])
    (form,) = store.bodies("POST", TOKEN)
    sent = query(f"?{form.decode()}")
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid email")
    assert (sent["code"], sent["redirect_uri"]) == ("code-1", asked["redirect_uri"])
    assert len(sent["code_verifier"]) >= 43
    assert pages[0].status_code == 200
    assert "code-1" not in pages[0].text
    assert signed_out.run("sites", "--json").code == 0


def test_a_code_of_another_attempt_is_refused_and_the_right_one_still_taken(
    signed_out: Terminal, store: FakeStore, visits: Visits
) -> None:
    statuses: list[int] = []

    def browser(url: str) -> None:
        there = back(url, code="right")
        forged = re.sub("state=[^&]+", "state=other", there).replace("right", "forged")
        for address in (forged, there.replace("/callback", "/favicon.ico"), there):
            statuses.append(arrive(address).status_code)

    visits.browser = browser
    said = login(signed_out)
    visits.wait()

    assert (said.code, statuses) == (0, [400, 404, 200])
    assert b"code=right" in store.bodies("POST", TOKEN)[0]


def test_a_refusal_of_the_sign_in_is_told_in_one_harmless_line(
    signed_out: Terminal, visits: Visits
) -> None:
    visits.browser = lambda url: arrive(back(url, error="denied", error_description="no\x1b[2J"))

    said = login(signed_out)

    assert said.code == 1
    assert said.err.endswith("rrweb-store: the sign-in was refused: no\\x1b[2J\n")


def test_a_sign_in_that_nobody_completes_ends(
    signed_out: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "WAIT_S", 0.0)

    said = login(signed_out)

    assert (said.code, "nobody signed in within 0 s" in said.err) == (1, True)


def test_where_no_browser_is_the_address_it_ended_at_is_pasted(
    signed_out: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Person(io.StringIO):
        def readline(self, size: int = -1, /) -> str:
            shown = capsys.readouterr().out
            return back(shown.strip(), code="code-2") + "\n"

    monkeypatch.setattr("sys.stdin", Person())
    said = login(signed_out, "--no-browser")

    assert (said.code, signed_out.run("sites").code) == (0, 0)


def test_nothing_but_the_attempts_own_address_may_be_pasted(
    signed_out: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{redirect_uri(1)}?code=x&state=y\n"))

    assert login(signed_out, "--no-browser").code == 2


def test_only_the_user_may_read_the_tokens(terminal: Terminal) -> None:
    kept = terminal.folder / "sign-ins.json"

    assert [path.name for path in terminal.folder.iterdir()] == [kept.name]
    assert (kept.stat().st_mode & 0o777, terminal.folder.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"apiUrl": "http://api.example"}, "https"),
        ({"signInUrl": "http://127.0.0.1.example"}, "https"),
        ({"apiUrl": "https://a@api.example"}, "https"),
        ({"signInUrl": "https://login.example/\x1b[2J"}, "not an address"),
        ({"userPoolClientId": ""}, "lacks userPoolClientId"),
        ({"siteUrl": 7}, "lacks siteUrl"),
    ],
)
def test_a_site_that_would_send_tokens_in_the_clear_is_refused(
    signed_out: Terminal, store: FakeStore, config: dict[str, object], said: str
) -> None:
    store.on("GET", "/config.json", json_answer({**CONFIG_JSON, **config}))

    refusal = login(signed_out)

    assert (refusal.code, said in refusal.err) == (2, True)


def test_a_page_that_is_no_replay_site_is_told_so(signed_out: Terminal, store: FakeStore) -> None:
    store.on("GET", "/config.json", httpx.Response(200, text="<html>"))

    refusal = login(signed_out)

    assert (refusal.code, "is it a replay site?" in refusal.err) == (2, True)


def test_a_token_for_another_client_is_not_taken(
    signed_out: Terminal, store: FakeStore, visits: Visits
) -> None:
    store.on("POST", TOKEN, json_answer({"id_token": id_token(aud="other")}))
    visits.browser = lambda url: arrive(back(url, code="c"))

    assert (login(signed_out).code, signed_out.run("sites").code) == (1, 3)


# -- staying signed in -----------------------------------------------------------------------------


@pytest.fixture
def an_hour_later(store: FakeStore, terminal: Terminal) -> Terminal:
    terminal.sign_in(lasts_s=30)
    store.on("GET", "/v1/sites", json_answer({"sites": []}))
    return terminal


def test_a_token_that_ends_soon_is_renewed_and_the_new_refresh_token_is_kept(
    an_hour_later: Terminal, store: FakeStore
) -> None:
    renewed = id_token(2)
    store.on("POST", TOKEN, json_answer({"id_token": renewed, "refresh_token": "refresh-2"}))

    an_hour_later.run("sites")
    an_hour_later.run("sites")

    assert len(store.bodies("POST", TOKEN)) == 1
    assert b"refresh_token=refresh-1" in store.bodies("POST", TOKEN)[0]
    kept = json.loads((an_hour_later.folder / "sign-ins.json").read_bytes())
    assert kept["stores"]["https://replay.example"]["refresh_token"] == "refresh-2"
    assert store.asked[-1].headers["Authorization"] == f"Bearer {renewed}"


def test_a_token_that_is_still_good_is_used_while_the_sign_in_is_busy(
    an_hour_later: Terminal, store: FakeStore
) -> None:
    store.on("POST", TOKEN, httpx.Response(503))

    assert an_hour_later.run("sites").code == 0


def test_a_session_that_has_ended_says_how_to_go_on(terminal: Terminal, store: FakeStore) -> None:
    terminal.sign_in(lasts_s=-1)
    store.on("POST", TOKEN, json_answer({"error": "invalid_grant"}, 400))

    said = terminal.run("sites")

    assert (said.code, said.out) == (3, "")
    assert said.err == (
        "rrweb-store: your session has ended: rrweb-store login --site https://replay.example\n"
    )


def test_logout_revokes_and_forgets(terminal: Terminal, store: FakeStore) -> None:
    store.on("POST", "/oauth2/revoke", httpx.Response(200))

    assert terminal.run("logout").code == 0
    assert b"refresh-1" in store.bodies("POST", "/oauth2/revoke")[0]
    assert b"refresh-1" not in (terminal.folder / "sign-ins.json").read_bytes()
    assert terminal.run("sites").code == 3


def test_another_store_is_chosen_by_its_site(terminal: Terminal) -> None:
    said = terminal.run("--site", "https://other.example", "sites")

    assert (said.code, "not signed in at https://other.example" in said.err) == (3, True)


def test_a_broken_file_of_sign_ins_is_as_none(terminal: Terminal) -> None:
    (Path(terminal.folder) / "sign-ins.json").write_text('{"stores": 7', encoding="utf-8")

    assert terminal.run("sites").code == 3
