"""The users that a run against a deployed stack makes for itself, here in the sandbox's pool."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.e2e.deployed_users import GIVEN, deployed_tokens, made_users
from tests.e2e.user import User

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


def addresses(sandbox: Sandbox) -> set[str]:
    """Return the users of tests that the pool has."""
    cognito: Any = sandbox.cloud.client("cognito-idp")
    listed = cognito.list_users(UserPoolId=sandbox.exports["userPoolId"])["Users"]
    named = {
        attribute["Value"]
        for user in listed
        for attribute in user["Attributes"]
        if attribute["Name"] == "email"
    }
    return {address for address in named if address.startswith("e2e-")}


def test_there_are_two_that_the_api_accepts_and_then_they_are_gone(sandbox: Sandbox) -> None:
    with made_users(sandbox.cloud.client("cognito-idp"), sandbox.exports) as tokens:
        users = [User(sandbox.api_url, token, delivery_s=0) for token in tokens]
        during = addresses(sandbox)
        answers = [user.http.get(f"{sandbox.api_url}/recordings") for user in users]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (200, {"recordings": [], "lookedThrough": 0})
    ] * 2
    assert len({user.claims["sub"] for user in users}) == 2
    assert len(during) == 2
    assert addresses(sandbox) == set()


def test_they_are_gone_also_when_a_run_fails(sandbox: Sandbox) -> None:
    with (
        pytest.raises(RuntimeError, match="a run that fails"),
        made_users(sandbox.cloud.client("cognito-idp"), sandbox.exports),
    ):
        raise RuntimeError("a run that fails")

    assert addresses(sandbox) == set()


def test_a_failure_to_make_them_leaves_no_user(sandbox: Sandbox) -> None:
    wrong = {**sandbox.exports, "userPoolClientId": "no-such-client"}

    with (
        pytest.raises(Exception, match="ResourceNotFoundException"),
        made_users(sandbox.cloud.client("cognito-idp"), wrong),
    ):
        pass

    assert addresses(sandbox) == set()


def test_tokens_that_are_given_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.setenv(name, f"the {name}")

    with deployed_tokens({}) as tokens:
        assert tokens == [f"the {name}" for name in GIVEN]
