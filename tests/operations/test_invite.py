"""`make invite` for new users, for users with an expired invitation, and for others."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from operations.invite import VALID_DAYS, Invitations, NotInvitedError, address, main
from sandbox.program import PROJECT
from tests.engine import deploy_program
from tests.moto_account import REGION, client, moto_account
from tests.operations.command_line import CommandLine

EMAIL = "ada@example.com"
VERIFIED = {"email": EMAIL, "email_verified": "true"}


class Pool:
    """A pool in moto, and the calls to it."""

    def __init__(self) -> None:
        self.real: Any = client("cognito-idp")
        pool: Any = self.real.create_user_pool(PoolName="users", UsernameAttributes=["email"])
        self.id: str = pool["UserPool"]["Id"]
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self.asked.append((name, request))
            return getattr(self.real, name)(**request)

        return call if name.startswith("admin_") else super().__getattribute__(name)

    def send(self, email: str = EMAIL) -> str:
        return Invitations(cognito=self, user_pool_id=self.id).send(email)

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def user(self) -> dict[str, Any]:
        return self.real.admin_get_user(UserPoolId=self.id, Username=EMAIL)

    def attributes(self) -> dict[str, str]:
        found = {one["Name"]: one["Value"] for one in self.user()["UserAttributes"]}
        return {name: found[name] for name in ("email", "email_verified") if name in found}


@pytest.fixture
def pool() -> Iterator[Pool]:
    with moto_account():
        yield Pool()


def test_a_new_user_is_invited_with_a_verified_address(pool: Pool) -> None:
    said = pool.send()

    assert said == "ada@example.com is invited: the password in the mail is valid for 7 days."
    assert pool.attributes() == VERIFIED
    assert pool.asked == [
        (
            "admin_create_user",
            {
                "UserPoolId": pool.id,
                "Username": EMAIL,
                "DesiredDeliveryMediums": ["EMAIL"],
                "UserAttributes": [
                    {"Name": "email", "Value": EMAIL},
                    {"Name": "email_verified", "Value": "true"},
                ],
            },
        )
    ]


def test_a_user_without_a_sign_in_gets_the_invitation_again(pool: Pool) -> None:
    pool.send()

    said = pool.send()

    assert "A new invitation was sent" in said
    assert pool.asked[-1] == (
        "admin_create_user",
        {
            "UserPoolId": pool.id,
            "Username": EMAIL,
            "DesiredDeliveryMediums": ["EMAIL"],
            "MessageAction": "RESEND",
        },
    )


def test_a_user_with_a_password_gets_no_mail(pool: Pool) -> None:
    pool.send()
    pool.real.admin_set_user_password(
        UserPoolId=pool.id, Username=EMAIL, Password="Twelve-Chars-1", Permanent=True
    )
    pool.asked.clear()

    said = pool.send()

    assert "has a password already, so nothing was sent" in said
    assert pool.names() == ["admin_create_user", "admin_get_user"]


def test_a_user_without_a_verified_address_gets_one(pool: Pool) -> None:
    pool.real.admin_create_user(UserPoolId=pool.id, Username=EMAIL)

    pool.send()

    assert pool.attributes()["email_verified"] == "true"
    assert pool.names()[-2:] == ["admin_update_user_attributes", "admin_create_user"]


def test_a_disabled_user_is_not_invited_and_the_message_has_the_remedy(pool: Pool) -> None:
    pool.send()
    pool.real.admin_disable_user(UserPoolId=pool.id, Username=EMAIL)

    with pytest.raises(NotInvitedError, match=r"disabled.*admin-enable-user"):
        pool.send()


@pytest.mark.parametrize(
    "email",
    [
        *("", "you", "@example.com", "you@", "you@example", "you@example.com.", "a b@example.com"),
        *("you@example.com,me@example.com", "You <you@example.com>", "you@@example.com"),
    ],
)
def test_a_malformed_address_is_refused(email: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"^must be like you@example\.com, got"):
        address(email)


@pytest.mark.parametrize(
    "email", ["a@b.c", "ada+rrweb@mail.example.co.uk", "ADA@EXAMPLE.COM", "é@é.fr"]
)
def test_a_well_formed_address_is_kept(email: str) -> None:
    assert address(email) == email


def test_the_validity_of_an_invitation_is_that_of_the_pool() -> None:
    pool = deploy_program("dev").inputs("aws:cognito/userPool:UserPool", "users")

    assert pool["passwordPolicy"]["temporaryPasswordValidityDays"] == VALID_DAYS


class Refusing:
    """A Cognito that refuses every call."""

    def __init__(self, code: str) -> None:
        self.code = code

    def admin_create_user(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "AdminCreateUser")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "LimitExceededException",
            "sends 50 a day, for the whole account. Run this again tomorrow",
        ),
        ("CodeDeliveryFailureException", "Run this again: it sends the invitation again."),
        ("AccessDeniedException", "(AccessDeniedException)"),
    ],
)
def test_a_refusal_by_cognito_is_printed_with_its_remedy(
    code: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def client(*_: object, **__: object) -> Refusing:
        return Refusing(code)

    monkeypatch.setattr(boto3, "client", client)

    assert main(["--outputs", str(exports(tmp_path)), "--email", EMAIL]) == 1

    assert said in capsys.readouterr().err


def exports(folder: Path) -> Path:
    outputs = folder / "outputs.json"
    outputs.write_text(json.dumps({"region": REGION, "userPoolId": "eu-west-1_x"}))
    return outputs


def test_a_malformed_address_ends_the_command_before_any_call(tmp_path: Path) -> None:
    pulumi = CommandLine(tmp_path)

    code, asked = pulumi.make("invite", "STACK=dev", "EMAIL=you")

    assert (code, asked) == (2, [])
    assert "argument --email: must be like you@example.com, got 'you'" in pulumi.said


@pytest.mark.parametrize("given", [["STACK=dev"], ["EMAIL=you@example.com"]])
def test_without_a_stack_or_an_address_there_is_no_call(tmp_path: Path, given: list[str]) -> None:
    pulumi = CommandLine(tmp_path)

    code, asked = pulumi.make("invite", *given)

    assert (code, asked) == (2, [])
    assert "unbound variable" in pulumi.said


def test_an_unknown_stack_is_reported(tmp_path: Path) -> None:
    pulumi = CommandLine(tmp_path)

    code, asked = pulumi.make("invite", "STACK=dev", "EMAIL=you@example.com", EXIT="1")

    assert (code, asked) == (2, [["stack", "output", "--json", "--stack", "dev"]])
    assert "invite: pulumi stack output --json --stack dev failed" in pulumi.said


def test_both_documents_invite_by_the_same_command() -> None:
    said = [
        re.findall(
            r"^(?:make invite|.*admin-create-user).*$",
            (PROJECT / name).read_text("utf-8"),
            re.MULTILINE,
        )
        for name in ("README.md", "docs/deploy.md")
    ]

    assert said == [["make invite STACK=dev EMAIL=you@example.com"]] * 2
