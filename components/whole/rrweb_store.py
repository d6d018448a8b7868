"""RrwebStore: a whole store as one component of any Pulumi program."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml

from components.access.sites import shown_sites
from components.foundation.bounded_roles import bounded_roles
from components.release.own_settings import SettingError, in_keys
from components.release.release import release_of
from components.whole.placement import Placement
from components.whole.store_args import RrwebStoreArgs
from components.whole.store_parts import StoreParts, store_parts

CHECKOUT = Path(__file__).parents[2]
"""What is read from disk lies here, whatever the current folder of the program is."""
# A bucket has no capital letters, and a role 64 characters in all: the longest name in a store has
# 21, and Pulumi adds 8.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
# https://docs.aws.amazon.com/general/latest/gr/rande.html
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class RrwebStore(pulumi.ComponentResource):
    """A session-replay store: API, storage, sign-in and replay site, under names of its own."""

    api_url: pulumi.Output[str]
    """Base URL of the API, without a slash at its end."""
    site_url: pulumi.Output[str] | None
    """Of the replay site, without a slash at its end; none without a website."""
    site_dns_name: pulumi.Output[str] | None
    """CloudFront's own name of the site, to which a domain of your own must point."""
    user_pool_id: pulumi.Output[str]
    """Cognito user pool of those who sign in."""
    user_pool_client_id: pulumi.Output[str]
    """App client of the pool; the API takes ID tokens for it alone."""
    issuer_url: pulumi.Output[str]
    """Issuer of the ID tokens."""
    sign_in_url: pulumi.Output[str]
    """Base URL of the managed login."""
    bucket_name: pulumi.Output[str]
    """Bucket that holds recordings."""
    table_name: pulumi.Output[str]
    """Table that holds what is known of each recording."""
    stream_name: pulumi.Output[str]
    """Kinesis stream that takes batches of signed-in users."""
    delivery_stream_name: pulumi.Output[str]
    """Firehose that delivers them to the bucket."""
    erasure_machine: pulumi.Output[str]
    """ARN of the state machine that erases recordings."""
    write_urls: pulumi.Output[Mapping[str, str]]
    """Where the pages of each site write, by the site's id; the recorder takes it as `site`."""
    release: pulumi.Output[str]
    """Which release of rrweb-store it runs."""

    def __init__(
        self, name: str, args: RrwebStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb-store:index:RrwebStore", name, None, opts)
        project, stack = pulumi.get_project(), pulumi.get_stack()
        release = release_of(CHECKOUT)
        try:
            settings = _settings(name, args)
            store = store_parts(
                settings,
                Placement(
                    checkout=CHECKOUT,
                    contract=yaml.safe_load((CHECKOUT / "openapi.yaml").read_text("utf-8")),
                    release=release,
                    project=_plain(project),
                    stack=_plain(f"{stack}-{name}"),
                    prefix=f"{name}-",
                ),
                pulumi.ResourceOptions(
                    parent=self,
                    transformations=bounded_roles(
                        settings.permissions_boundary, path=f"/{project}/{stack}/"
                    ),
                ),
            )
        except ValueError as error:
            inputs = [_camel(one.name) for one in fields(RrwebStoreArgs)]
            raise SettingError(f"{name}: {in_keys(str(error), inputs)}") from error
        self._take(store)
        self.release = pulumi.Output.from_input(release)
        self.register_outputs(
            {_camel(one): getattr(self, one) for one in RrwebStore.__annotations__}
        )

    def _take(self, store: StoreParts) -> None:
        self.api_url = store.api.url
        self.site_url = store.site_url
        self.site_dns_name = store.site_dns_name
        self.user_pool_id = store.users.pool.id
        self.user_pool_client_id = store.users.client.id
        self.issuer_url = store.users.issuer_url
        self.sign_in_url = store.users.sign_in_url
        self.bucket_name = store.bucket.bucket
        self.table_name = store.table.name
        self.stream_name = store.events.stream.name
        self.delivery_stream_name = store.events.delivery_stream.name
        self.erasure_machine = store.erasure.machine.arn
        self.write_urls = store.api.url.apply(
            lambda url: {
                site_id: shown["writeUrl"]
                for site_id, shown in shown_sites(store.sites, url).items()
            }
        )


def _settings(name: str, args: object) -> RrwebStoreArgs:
    """Return the settings; a plugin gets them as a dict. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            "the name of a store must be up to 20 lower-case letters, digits and hyphens, as it is "
            f"part of every name, got {name!r}"
        )
    if not isinstance(args, RrwebStoreArgs):
        given = cast("dict[str, Any]", args)
        args = RrwebStoreArgs(**{one: _whole(one, value) for one, value in given.items()})
    if not _REGION.fullmatch(args.region):
        raise ValueError(f"region must be such as eu-west-1, got {args.region!r}")
    return args


def _whole(name: str, value: Any) -> Any:
    """Return a number as the integer that it is: a plugin gets all of them as floats.

    >>> _whole("shard_count", 2.0)
    2

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, float):
        return value
    if not value.is_integer():
        raise ValueError(f"{name} must be a whole number, got {value}")
    return int(value)


def _camel(name: str) -> str:
    """Return the name as a schema has it.

    >>> _camel("api_url")
    'apiUrl'
    """
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


def _plain(name: str) -> str:
    """Return the name with what the name of a dashboard may hold.

    >>> _plain("my.project")
    'my-project'
    """
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)
