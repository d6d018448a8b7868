"""Invites a user: `python -m operations.invite --stack dev --email you@example.com`.

Cognito sends a mail with a first password that is valid for seven days. Running it again sends the
invitation again with a new password, which is the only way to renew one that has expired. The
address is marked as verified, or the user could not reset a forgotten password by mail.
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

# `temporary_password_validity_days` of components/access/user_auth.py.
VALID_DAYS = 7
# The form of an address; only a mail shows whether it exists.
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_VERIFIED = {"Name": "email_verified", "Value": "true"}

# Remedies by error code of Cognito's own mail. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
_REMEDIES = {
    "LimitExceededException": "Cognito's own mail sends 50 a day, for the whole account. Run this "
    "again tomorrow, or configure a mail service of your own (SES) for the pool.",
    "CodeDeliveryFailureException": "The user may exist nevertheless. Run this again: it sends "
    "the invitation again.",
    "ResourceNotFoundException": "Check the account of your credentials and the stack's Region.",
}


class NotInvitedError(RuntimeError):
    """The user was not invited; the message says why, with a remedy."""


@dataclass(frozen=True, kw_only=True)
class Invitations:
    """One user pool."""

    cognito: Any
    """A boto3 client of cognito-idp, which is untyped."""
    user_pool_id: str

    def send(self, email: str) -> str:
        """Return a sentence about what was done.

        Raises:
            NotInvitedError: The user is disabled.
            ClientError: Cognito refused; nothing was sent.
        """
        try:
            self._create(email, UserAttributes=[{"Name": "email", "Value": email}, _VERIFIED])
        except ClientError as error:
            if error.response["Error"]["Code"] != "UsernameExistsException":
                raise
            return self._invite_again(email)
        return f"{email} is invited: the password in the mail is valid for {VALID_DAYS} days."

    def _create(self, email: str, **more: object) -> None:
        self.cognito.admin_create_user(
            UserPoolId=self.user_pool_id,
            Username=email,
            DesiredDeliveryMediums=["EMAIL"],
            **more,
        )

    def _invite_again(self, email: str) -> str:
        user_key = {"UserPoolId": self.user_pool_id, "Username": email}
        user = self.cognito.admin_get_user(**user_key)
        if not user["Enabled"]:
            raise NotInvitedError(
                f"{email} is disabled. To enable the user: aws cognito-idp "
                f"admin-enable-user --user-pool-id {self.user_pool_id} --username {email}"
            )
        if _VERIFIED not in user["UserAttributes"]:
            # Created in another way: without this the user could not reset a password by mail.
            self.cognito.admin_update_user_attributes(**user_key, UserAttributes=[_VERIFIED])
        if user["UserStatus"] != "FORCE_CHANGE_PASSWORD":
            return (
                f"{email} has a password already, so nothing was sent. "
                "A forgotten password is reset on the sign-in page."
            )
        self._create(email, MessageAction="RESEND")
        return (
            f"{email} was invited before and has not signed in yet. A new invitation was sent: its "
            f"password is valid for {VALID_DAYS} days and replaces the earlier one."
        )


def address(text: str) -> str:
    """Return an address without surrounding blanks.

    >>> address(" you@example.com ")
    'you@example.com'

    Raises:
        argparse.ArgumentTypeError: The text is not an address.
    """
    if not _ADDRESS.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"must be like you@example.com, got {text!r}")
    return text.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 the user is invited or exists, 1 failure, 2 wrong usage."""
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
        code = error.response["Error"]["Code"]
        remedy = _REMEDIES.get(code, "")
        print(f"invite: {error} {remedy}".rstrip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
