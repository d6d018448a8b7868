"""The settings of a store: what Pulumi.yaml declares for a stack, as inputs of `RrwebStore`."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import NotRequired, TypedDict, TypeVar

import pulumi

Args = TypeVar("Args")


class RecordedSite(TypedDict):
    """A site whose visitors are recorded without an account."""

    id: str
    """Names the site in addresses and in the group of its watchers: a lower-case letter and up to
    30 of a-z 0-9 -."""
    keys: list[str]
    """Write keys in use, which make site-key prints: one, or two while they are exchanged."""
    retiredKeys: NotRequired[list[str]]
    """Keys that are refused; recordings made with them can still be read."""
    origins: NotRequired[list[str]]
    """Origins whose pages may create recordings; none for any."""
    privacy: NotRequired[str]
    """What the script tag of the set-up page masks: inputs, text or private."""


def optional_by_default(args: type[Args]) -> type[Args]:
    """Return the dataclass with each field optional that has a default, as annotations say it.

    Pulumi reads what a component requires from annotations alone.
    """
    known = {one.name: one for one in fields(args)}  # pyrefly: ignore[bad-argument-type]
    args.__annotations__ = {
        name: said if known[name].default is MISSING else said | None
        for name, said in args.__annotations__.items()
    }
    return args


@optional_by_default
@dataclass(frozen=True, kw_only=True)
class RrwebStoreArgs:
    """What a store may be told. Pulumi.yaml has the same texts and defaults: a test compares."""

    region: str
    """AWS Region of the provider that creates the resources, such as eu-west-1."""
    retention_days: int = 90
    """Days until a recording expires with all its objects, 1 to 3650. Shared images and fonts
    expire 8 days later."""
    shard_count: int = 1
    """Shards of the stream. Each takes 1 MB and 1,000 batches a second, and costs about $11 a
    month. One update at most doubles or halves them, and a stream takes ten updates a day."""
    firehose_buffer_seconds: int = 60
    """Seconds that Firehose buffers a recording's batches before it writes them to S3, 60 to
    900."""
    firehose_buffer_mib: int = 64
    """MiB of one recording after which Firehose writes before the interval ends, 64 to 128."""
    throttle_rate: int = 100
    """Requests a second that each operation accepts, on average."""
    throttle_burst: int = 200
    """Requests that each operation accepts in a burst."""
    operation_limits: Sequence[str] = (
        "scanRecordings=5/10",
        "appendSiteEvents=1300/2600",
        "createSiteRecording=200/400",
        "putSiteFacts=200/400",
        "headSiteAsset=200/400",
    )
    """Per-operation throttle overrides, as operationId=rate/burst."""
    calls_per_minute_per_token: int = 0
    """Requests a minute with the same token, counted by AWS WAF for $7 a month and more; 0 for no
    limit. A renewed token starts from 0."""
    calls_per_minute_per_address: int = 0
    """Requests a minute from one IP address, with any token, and as many again to the routes of
    sites; 0 for no limit. A whole office may share one address."""
    calls_per_minute_per_key: int = 0
    """Requests a minute with the write keys of one site, from all its visitors together; 0 for no
    limit. WAF blocks all of them while more arrive."""
    # All are known, but of a plain object Pulumi's generator for Go leaves a type out.
    sites: Sequence[pulumi.Input[RecordedSite]] = ()
    """Sites whose visitors are recorded without an account: id, keys (one that make site-key
    prints, two while they are exchanged), and optionally origins, retiredKeys and privacy (inputs,
    text or private)."""
    operators: Sequence[pulumi.Input[str]] = ()
    """ARNs of roles that may call the operator's routes even if no IAM policy allows it, such as
    the role that runs the end-to-end tests."""
    allow_origin: str = "*"
    """Origin whose pages may call the API, or * for any."""
    callback_urls: Sequence[pulumi.Input[str]] = ("http://localhost:8080/",)
    """URLs that the sign-in may redirect to, in addition to the site's; https, or http on
    localhost."""
    website: bool = True
    """Serve the replay site. It must be built before: make site in the checkout of rrweb-store."""
    site_folder: str = "web/site/dist"
    """Folder of the built site, absolute or relative to the checkout of rrweb-store. Only the
    default folder is part of the release."""
    site_price_class: str = "PriceClass_100"
    """CloudFront price class of the site; PriceClass_100 covers North America and Europe."""
    site_domain: str = ""
    """Domain name of the site, such as replay.example.com; empty for CloudFront's own."""
    site_certificate_arn: pulumi.Input[str] = ""
    """ACM certificate of that domain, in us-east-1; empty without a domain."""
    admin_sign_in: bool = False
    """Allow sign-in by password with AWS credentials of the account, which the end-to-end tests
    use."""
    command_line: bool = True
    """Allow sign-in by the command line rrweb-store, whose browser brings the code to
    http://localhost on three fixed ports."""
    require_mfa: bool = False
    """Require a code from an authenticator app at sign-in; the managed login guides each user
    through the set-up."""
    access_log: bool = False
    """Write an access log; the account must already have an API Gateway logging role."""
    log_retention_days: int = 30
    """Retention of all logs in days, one of the values that CloudWatch Logs offers."""
    point_in_time_recovery: bool = False
    """Allow restoring the table to any second of the last 35 days."""
    protect: bool = False
    """Protect the resources that hold data from deletion."""
    force_destroy: bool = False
    """Delete the objects with the bucket when the stack is destroyed."""
    permissions_boundary: str = ""
    """ARN of the permissions boundary for the stack's roles, which bootstrap/ creates for each
    stage; empty for none."""
    alarms: bool = False
    """Create the alarms and the dashboard of docs/operations.md, for about $1.80 a month."""
    alarm_email: str = ""
    """E-mail address that gets alarms and budget notices; empty for none."""
