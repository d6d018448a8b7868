"""SiteGroups: who may watch which site."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cognito

from components.access.sites import Site


@dataclass(frozen=True, kw_only=True)
class SiteGroupsArgs:
    pool: cognito.UserPool
    """Gets the groups."""
    sites: Sequence[Site]
    """Each gets a group for its watchers, and one for those who also change its recordings."""
    prefix: str = ""
    """Stands before the names of its parts, which one program may have several times."""


class SiteGroups(pulumi.ComponentResource):
    """Two groups a site: `site-<id>` and `site-<id>-admin`, which ID tokens name.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
    """

    def __init__(
        self, name: str, args: SiteGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:SiteGroups", name, None, opts)
        for site in args.sites:
            for group, may in (
                (site.group, f"Watches the recordings of {site.id}."),
                (site.admin_group, f"Changes and deletes the recordings of {site.id}."),
            ):
                cognito.UserGroup(
                    f"{args.prefix}{group}",
                    name=group,
                    user_pool_id=args.pool.id,
                    description=may,
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})
