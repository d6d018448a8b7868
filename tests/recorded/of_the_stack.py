"""Checks of what the stack asks of AWS, and of what the documents tell the reader of AWS."""

import re
from pathlib import Path

from tests.recorded.program import engine

ROOT = Path(__file__).parents[2]


def text_of(name: str) -> str:
    """Return a document on one line."""
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


def commands(name: str) -> list[str]:
    """Return the command lines of a document, continued ones in one."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.lstrip("$ ").startswith("aws ")]


def user_names_have_no_case() -> None:
    (pool,) = engine().of_type("aws:cognito/userPool:UserPool").values()

    assert pool.get("usernameConfiguration") == {"caseSensitive": False}


def an_invitation_verifies_the_address_and_can_be_sent_again() -> None:
    for name in ("README.md", "docs/deploy.md"):
        invitations = [one for one in commands(name) if "admin-create-user" in one]
        assert invitations, name
        assert all("email_verified" in one and "Name=email," in one for one in invitations), name
    told = text_of("docs/deploy.md")
    assert "RESEND" in told
    assert re.search(r"\b50\b[^.]*\b(mails?|messages?|e-?mails?|invitations?)\b", told)


def the_limits_of_more_shards_are_told() -> None:
    told = text_of("docs/operations.md")

    assert re.search(r"shardCount.*\bdoubl", told)
    assert re.search(r"\b(ten|10) times (a|per|in)\b", told)
