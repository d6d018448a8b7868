"""Checks of what the stack asks of AWS, and of what the documents tell the reader of AWS."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]

from tests.recorded.program import engine

ROOT = Path(__file__).parents[2]
EMAIL = "you@example.com"
PROVEN = {"Name": "email_verified", "Value": "true"}


def text_of(name: str) -> str:
    """Return a document on one line."""
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


def user_names_have_no_case() -> None:
    (pool,) = engine().of_type("aws:cognito/userPool:UserPool").values()

    assert pool.get("usernameConfiguration") == {"caseSensitive": False}


def invited(cognito: Mock) -> dict[str, Any]:
    """Return what an invitation asked of Cognito at last."""
    command: Any = import_module("operations.invite")
    command.Invitations(cognito=cognito, user_pool_id="a-pool").send(EMAIL)
    return cognito.admin_create_user.call_args.kwargs


def an_invitation_proves_the_address() -> None:
    asked = invited(Mock())

    assert sorted(asked["UserAttributes"], key=lambda one: one["Name"]) == [
        {"Name": "email", "Value": EMAIL},
        PROVEN,
    ]


def an_invitation_is_sent_again_to_revive_it() -> None:
    exists = ClientError({"Error": {"Code": "UsernameExistsException"}}, "AdminCreateUser")
    cognito = Mock()
    cognito.admin_create_user.side_effect = [exists, {}]
    cognito.admin_get_user.return_value = {
        "Enabled": True,
        "UserStatus": "FORCE_CHANGE_PASSWORD",
        "UserAttributes": [PROVEN],
    }

    assert invited(cognito)["MessageAction"] == "RESEND"


def the_documents_invite_by_that_command_and_name_its_limits() -> None:
    assert f"make invite STACK=dev EMAIL={EMAIL}" in text_of("README.md")
    told = text_of("docs/deploy.md")
    assert f"make invite STACK=dev EMAIL={EMAIL}" in told
    assert re.search(r"seven days", told)
    assert re.search(r"\b50 a day\b", told)


def the_limits_of_more_shards_are_told() -> None:
    told = text_of("docs/operations.md")

    assert re.search(r"shardCount.*\bat most doubles\b", told)
    assert re.search(r"\b(ten|10)\b[^.]*\b(24 hours|a day)\b", told)
