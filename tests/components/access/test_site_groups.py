"""SiteGroups."""

from pulumi_aws import cognito

from components.access.site_groups import SiteGroups, SiteGroupsArgs
from components.access.sites import Site
from tests.engine import REGION, deploy


def test_each_site_has_a_group_of_watchers_and_one_of_administrators() -> None:
    def build() -> None:
        pool = cognito.UserPool("users")
        SiteGroups("sites", SiteGroupsArgs(pool=pool, sites=[Site(id="shop", keys=("wk_a",))]))

    groups = deploy(build).of_type("aws:cognito/userGroup:UserGroup")

    assert groups == {
        "site-shop": {
            "name": "site-shop",
            "userPoolId": f"{REGION}_Users",
            "description": "Watches the recordings of shop.",
        },
        "site-shop-admin": {
            "name": "site-shop-admin",
            "userPoolId": f"{REGION}_Users",
            "description": "Changes and deletes the recordings of shop.",
        },
    }
