"""Calls of the API: sent again where that helps, and failures in its own words."""

import httpx
import pytest

from tests.cli.fake_store import FakeStore, Terminal, id_token, json_answer, problem

SITES = ("GET", "/v1/sites")
NO_SITES = json_answer({"sites": []})


def test_a_busy_store_is_asked_again_when_it_says(store: FakeStore, terminal: Terminal) -> None:
    store.on(*SITES, problem(429, "Slow down", Retry_After="7"), problem(502, "Oh"), NO_SITES)

    said = terminal.run("sites")

    assert (said.code, terminal.waited) == (0, [7.0, 1.0])


@pytest.mark.parametrize("answer", [problem(502, "The service failed"), httpx.ConnectError("no")])
def test_a_store_that_fails_each_time_is_given_up(
    store: FakeStore, terminal: Terminal, answer: httpx.Response | Exception
) -> None:
    store.on(*SITES, answer)

    said = terminal.run("sites")

    assert (said.code, len(store.asked), said.err.count("\n")) == (6, 5, 1)


def test_a_refused_token_is_renewed_once(store: FakeStore, terminal: Terminal) -> None:
    store.on("POST", "/oauth2/token", json_answer({"id_token": id_token(2)}))
    store.on(*SITES, problem(401, "Unauthorized"), NO_SITES)

    assert (terminal.run("sites").code, terminal.waited) == (0, [])

    store.on(*SITES, problem(401, "Unauthorized"))
    said = terminal.run("sites")
    assert (said.code, "rrweb-store login" in said.err) == (3, True)


@pytest.mark.parametrize(("status", "code"), [(400, 2), (403, 5), (404, 4), (418, 1)])
def test_a_refusal_is_one_line_with_the_request_s_id_and_a_code_of_its_own(
    store: FakeStore, terminal: Terminal, status: int, code: int
) -> None:
    store.on(*SITES, problem(status, "You may not"))

    said = terminal.run("sites")

    assert (said.code, said.out) == (code, "")
    assert said.err == f"rrweb-store: You may not. (status {status}, request r-1)\n"


def test_an_answer_that_is_no_problem_is_told_by_its_status(
    store: FakeStore, terminal: Terminal
) -> None:
    store.on(*SITES, httpx.Response(413, text="<html>"))

    said = terminal.run("sites")

    assert said.err == "rrweb-store: the store answered with status 413. (status 413)\n"


def test_wrong_usage_is_told_before_anything_is_asked(store: FakeStore, terminal: Terminal) -> None:
    wrong = (
        ("show", "a b"),
        ("show", "../b"),
        ("show", "Shop/a"),
        ("show", "https://other.example/recordings/a"),
        ("show", "https://replay.example/playground"),
        ("list", "Shop"),
        ("list", "--from", "yesterday"),
        ("list", "--min-duration", "-1s"),
        ("list", "--limit", "0"),
        ("put", "no-such-file"),
        ("nothing",),
    )

    assert {words: terminal.run(*words).code for words in wrong} == dict.fromkeys(wrong, 2)
    assert store.asked == []
