"""Users of a deployed stack's pool, who are there for one run of the tests."""

import os
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import boto3
from botocore.exceptions import ClientError

GIVEN = ("E2E_ID_TOKEN", "E2E_OTHER_ID_TOKEN")


@contextmanager
def deployed_tokens(exports: Mapping[str, Any]) -> Generator[list[str]]:
    """Yield the ID tokens of two users: those of the environment, or of users made for it."""
    if all(name in os.environ for name in GIVEN):
        yield [os.environ[name] for name in GIVEN]
        return
    cognito: Any = cast("Any", boto3).client("cognito-idp", region_name=exports["region"])
    with made_users(cognito, exports) as tokens:
        yield tokens


@contextmanager
def made_users(cognito: Any, exports: Mapping[str, Any], count: int = 2) -> Generator[list[str]]:
    """Yield the ID tokens of users with random passwords; they are deleted at the end.

    `cognito` is a boto3 client of cognito-idp, which is untyped.
    """
    pool = exports["userPoolId"]
    addresses = [f"e2e-{secrets.token_hex(8)}@example.com" for _ in range(count)]
    try:
        yield [
            _signed_in(cognito, pool, exports["userPoolClientId"], address) for address in addresses
        ]
    finally:
        for address in addresses:
            _delete(cognito, pool, address)


def _signed_in(cognito: Any, pool: str, client: str, address: str) -> str:
    password = secrets.token_urlsafe(24)
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=address,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": address},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=address, Password=password, Permanent=True
    )
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": address, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]["IdToken"]


def _delete(cognito: Any, pool: str, address: str) -> None:
    try:
        cognito.admin_delete_user(UserPoolId=pool, Username=address)
    except ClientError as error:
        # Who could not be made is not there either.
        if error.response["Error"]["Code"] != "UserNotFoundException":
            raise
