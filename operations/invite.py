"""Invites a user: `python -m operations.invite --stack dev --email you@example.com`.

In: an address. Out: a mail of Cognito's to it, with a first password that is good for seven days.
Run again it sends the invitation again, with a new password and seven new days, which is the only
way to revive one that has run out. The user's address counts as proven from the start: without that
nobody could reset a forgotten password by mail.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from operations.outputs import OutputsError, add_options, outputs_of

# As `temporary_password_validity_days` of components/access/user_auth.py.
GOOD_FOR_DAYS = 7
# What can be an address at all; whether somebody reads its mail, only the mail can tell.
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_PROVEN = {"Name": "email_verified", "Value": "true"}

# Cognito's own mail, by code of the error. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
_WAYS_OUT = {
    "LimitExceededException": "Cognito's own mail sends 50 a day, for the whole account. Run this "
    "again tomorrow, or give the pool a mail service of yours (SES).",
    "CodeDeliveryFailureException": "The user may be there all the same. Run this again: it sends "
    "the invitation again.",
    "ResourceNotFoundException": "Is it the stack's own account and Region?",
}


class NotInvitedError(RuntimeError):
    """The user was not invited; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Invitations:
    """One user pool."""

    cognito: Any
    """A boto3 client of cognito-idp, which is untyped."""
    user_pool_id: str

    def send(self, email: str) -> str:
        """Return what was done, for a person to read.

        Raises:
            NotInvitedError: The user is in a state that no mail mends.
            ClientError: Cognito refuses; nothing was sent.
        """
        try:
            self._create(email, UserAttributes=[{"Name": "email", "Value": email}, _PROVEN])
        except ClientError as error:
            if error.response["Error"]["Code"] != "UsernameExistsException":
                raise
            return self._again(email)
        return f"{email} is invited: the password in the mail is good for {GOOD_FOR_DAYS} days."

    def _create(self, email: str, **more: object) -> None:
        self.cognito.admin_create_user(
            UserPoolId=self.user_pool_id,
            Username=email,
            DesiredDeliveryMediums=["EMAIL"],
            **more,
        )

    def _again(self, email: str) -> str:
        who = {"UserPoolId": self.user_pool_id, "Username": email}
        user = self.cognito.admin_get_user(**who)
        if not user["Enabled"]:
            raise NotInvitedError(
                f"{email} is there, but disabled. To let them in again: aws cognito-idp "
                f"admin-enable-user --user-pool-id {self.user_pool_id} --username {email}"
            )
        if _PROVEN not in user["UserAttributes"]:
            # Invited in some other way: this user could never reset the password by mail.
            self.cognito.admin_update_user_attributes(**who, UserAttributes=[_PROVEN])
        if user["UserStatus"] != "FORCE_CHANGE_PASSWORD":
            return (
                f"{email} has a password already, so nothing was sent. "
                "Who forgot it gets a new one by the sign-in page."
            )
        self._create(email, MessageAction="RESEND")
        return (
            f"{email} was invited before and has not signed in yet. It was sent again: the new "
            f"password is good for {GOOD_FOR_DAYS} days, and the one before no more."
        )


def address(text: str) -> str:
    """Return what can be an address, without blanks around it.

    >>> address(" you@example.com ")
    'you@example.com'

    Raises:
        argparse.ArgumentTypeError: It cannot be one.
    """
    if not _ADDRESS.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"must be like you@example.com, got {text!r}")
    return text.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 the user is invited or there, 1 it could not be, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m operations.invite", description=__doc__)
    add_options(parser)
    parser.add_argument("--email", required=True, type=address, help="address of the new user")
    options = parser.parse_args(arguments)
    try:
        outputs = outputs_of(options)
        cognito: Any = cast("Any", boto3).client("cognito-idp", region_name=outputs["region"])
        invitations = Invitations(cognito=cognito, user_pool_id=outputs["userPoolId"])
        print(invitations.send(options.email))
    except (OutputsError, NotInvitedError, BotoCoreError) as error:
        print(f"invite: {error}", file=sys.stderr)
        return 1
    except ClientError as error:
        code = cast("str", error.response["Error"]["Code"])
        way_out = _WAYS_OUT.get(code, "")
        print(f"invite: {error} {way_out}".rstrip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
