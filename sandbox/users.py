"""Users of the sandbox's pool, and their tokens."""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

# `make demo` prints it; it is valid in the sandbox only.
PASSWORD = "sandbox-only-password"  # noqa: S105


def email_of(name: str) -> str:
    """Return the email address of a user: the name itself if it is an address."""
    return name if "@" in name else f"{name}@sandbox.example"


def tokens(
    cognito: Any,
    pool_id: str,
    client_id: str,
    name: str = "demo",
    groups: Iterable[str] | None = None,
) -> dict[str, str]:
    """Return `IdToken`, `AccessToken` and more of a user, created if missing.

    `cognito` is a boto3 client of cognito-idp, which is untyped. The user is in exactly the groups
    from then on, which are created if missing; None changes nothing.
    """
    email = ready_user(cognito, pool_id, name)
    if groups is not None:
        _put_into(cognito, pool_id, email, set(groups))
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )
    return answer["AuthenticationResult"]


def ready_user(
    cognito: Any, pool_id: str, name: str = "demo", *, groups: Iterable[str] = ()
) -> str:
    """Return the email address of a user who can sign in with PASSWORD, created if missing.

    The user is in the groups too, which are created if missing.
    """
    email = email_of(name)
    try:
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool_id, Username=email, Password=PASSWORD, Permanent=True
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "UsernameExistsException":
            raise
    _add_to(cognito, pool_id, email, groups)
    return email


def _put_into(cognito: Any, pool_id: str, email: str, groups: set[str]) -> None:
    """Put the user into these groups, and out of all others."""
    user = {"UserPoolId": pool_id, "Username": email}
    answer = cognito.admin_list_groups_for_user(**user)
    current = {str(one["GroupName"]) for one in answer["Groups"]}
    for group in current - groups:
        cognito.admin_remove_user_from_group(**user, GroupName=group)
    _add_to(cognito, pool_id, email, groups - current)


def _add_to(cognito: Any, pool_id: str, email: str, groups: Iterable[str]) -> None:
    for group in groups:
        try:
            cognito.create_group(UserPoolId=pool_id, GroupName=group)
        except ClientError as error:
            if error.response["Error"]["Code"] != "GroupExistsException":
                raise
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=group)
