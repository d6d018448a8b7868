"""Put a user into the group that watches a site: `make watcher STACK=dev EMAIL=… SITE=shop`.

With `ADMIN=1` also into the group of its administrators, which opens nothing by itself. With
`REMOVE=1` out of both, or with both out of the administrators' alone. The user must be in the pool,
and the program makes the groups of the sites that the stack declares.

A token names the groups that its user was in when it was issued.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from operations.invite import address
from operations.outputs import OutputsError, add_options, outputs_of


class NotChangedError(RuntimeError):
    """The user is in the groups as before; the message says why, with a remedy."""


@dataclass(frozen=True, kw_only=True)
class Watchers:
    """The groups of one site in a user pool."""

    cognito: Any
    """A boto3 client of cognito-idp, which is untyped."""
    user_pool_id: str
    group: str
    """Whose members watch the site, such as `site-shop`."""

    @property
    def admin_group(self) -> str:
        return f"{self.group}-admin"

    def add(self, email: str, *, is_admin: bool) -> str:
        """Return a sentence about what was done; a member stays one.

        Raises:
            NotChangedError: There is no such user, or no such group.
        """
        groups = [self.group, self.admin_group] if is_admin else [self.group]
        for group in groups:
            self._change("admin_add_user_to_group", email, group)
        return (
            f"{email} is in {' and '.join(groups)}. A token names the groups that it was issued "
            "for: the user sees the site after the next sign-in."
        )

    def remove(self, email: str, *, is_admin: bool) -> str:
        """Return a sentence about what was done; who is no member stays none.

        Raises:
            NotChangedError: There is no such user, or no such group.
        """
        groups = [self.admin_group] if is_admin else [self.admin_group, self.group]
        for group in groups:
            self._change("admin_remove_user_from_group", email, group)
        return (
            f"{email} is no longer in {' or '.join(groups)}. A token that was issued before keeps "
            "the group until it expires, within an hour."
        )

    def _change(self, action: str, email: str, group: str) -> None:
        try:
            getattr(self.cognito, action)(
                UserPoolId=self.user_pool_id, Username=email, GroupName=group
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "UserNotFoundException":
                raise NotChangedError(
                    f"{email} is not in the pool {self.user_pool_id}: invite the user first, by "
                    f"make invite with the same STACK and EMAIL={email}"
                ) from error
            if code == "ResourceNotFoundException":
                raise NotChangedError(
                    f"there is no group {group} in the pool {self.user_pool_id}: make deploy makes "
                    "the groups of the sites that the stack declares. If it has, check the account "
                    "of your credentials."
                ) from error
            raise


def group_of(outputs: Mapping[str, Any], site_id: str) -> str:
    """Return the group that watches a site, by the stack's exports.

    >>> group_of({"sites": {"shop": {"group": "site-shop"}}}, "shop")
    'site-shop'

    Raises:
        NotChangedError: The stack declares no such site.
    """
    sites = cast("Mapping[str, Mapping[str, str]]", outputs.get("sites", {}))
    if site_id not in sites:
        raise NotChangedError(
            f"the stack has no site {site_id!r}, but {', '.join(sorted(sites)) or 'none'}: declare "
            "it in the setting rrweb-store:sites and deploy (docs/sites.md)"
        )
    return sites[site_id]["group"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 the groups are as asked, 1 failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.watcher", description=__doc__)
    add_options(parser)
    parser.add_argument("--email", required=True, type=address, help="address of the user")
    parser.add_argument("--site", required=True, help="id of the site")
    parser.add_argument("--admin", action="store_true", help="its administrators' group, too")
    parser.add_argument("--remove", action="store_true", help="take the user out")
    options = parser.parse_args(arguments)
    try:
        outputs = outputs_of(options)
        cognito: Any = cast("Any", boto3).client("cognito-idp", region_name=outputs["region"])
        watchers = Watchers(
            cognito=cognito,
            user_pool_id=outputs["userPoolId"],
            group=group_of(outputs, options.site),
        )
        change = watchers.remove if options.remove else watchers.add
        print(change(options.email, is_admin=options.admin))
    except (OutputsError, NotChangedError, BotoCoreError, ClientError) as error:
        print(f"watcher: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
