"""A store as a component: of any program, several times."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.release.release import release_of
from components.whole.rrweb_store import RrwebStore
from components.whole.store_args import RrwebStoreArgs
from resource_types.registry import RESOURCE_TYPES
from sandbox.program import PROJECT
from tests.engine import SUFFIX, WRITE_KEY, Engine, deploy

SITE = "tests/data/site"
STORE = "rrweb-store:index:RrwebStore"
OTHER_KEY = "wk_bbbbbbbbbbbbbbbbbbbbbbbb"
LONGEST_NAME = "a-name-of-20-letters"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


def args(**own: Any) -> RrwebStoreArgs:
    given: dict[str, Any] = {"region": "eu-west-1", "site_folder": SITE, **own}
    return RrwebStoreArgs(**given)


def outputs(store: RrwebStore) -> dict[str, Any]:
    return {one: getattr(store, one) for one in RrwebStore.__annotations__}


def two_stores() -> None:
    for name, key in (("shop", WRITE_KEY), ("blog", OTHER_KEY)):
        store = RrwebStore(
            name,
            args(
                sites=[{"id": "shop", "keys": [key]}],
                access_log=True,
                alarms=True,
                alarm_email="jo@example.com",
                calls_per_minute_per_token=100,
                permissions_boundary=BOUNDARY,
            ),
        )
        pulumi.export(name, outputs(store))


@pytest.fixture(scope="module")
def two() -> Engine:
    """Return a program of two stores."""
    return deploy(two_stores)


def test_two_stores_in_one_program_share_no_resource(two: Engine) -> None:
    counted = Counter((one.type, one.name) for one in two.resources)
    by_name = Counter(one.name.partition("-")[0] for one in two.resources)

    assert [key for key, times in counted.items() if times > 1] == []
    assert set(by_name) == {"shop", "blog"}
    assert by_name["shop"] == by_name["blog"] > 100


def test_no_two_resources_are_given_one_name_in_the_account(two: Engine) -> None:
    # These are names inside a pool, a log group and a bucket, of which each store has its own.
    inside = {
        "aws:cognito/userGroup:UserGroup",
        "aws:cloudwatch/logStream:LogStream",
        "aws:s3/bucketMetric:BucketMetric",
    }
    given = Counter(
        (one.type, one.inputs[key])
        for one in two.resources
        for key in ("name", "dashboardName", "bucketName")
        if key in one.inputs and one.type not in inside
    )

    assert set(given) == {
        ("aws:cloudwatch/dashboard:Dashboard", f"rrweb-store-test-{name}-watch-board")
        for name in ("shop", "blog")
    }


def test_each_store_has_its_own_keys_and_addresses(two: Engine) -> None:
    shop, blog = two.exports["shop"], two.exports["blog"]

    assert shop["write_urls"] == {"shop": f"{shop['api_url']}/w/{WRITE_KEY}"}
    assert blog["write_urls"] == {"shop": f"{blog['api_url']}/w/{OTHER_KEY}"}
    names = ("bucket_name", "table_name", "stream_name", "delivery_stream_name")
    assert [shop[one] for one in names] == [
        f"shop-{one}{SUFFIX}" for one in ("recordings", "recordings-by-owner", "events", "events")
    ]
    assert [blog[one] for one in names if blog[one] == shop[one]] == []
    assert shop["release"] == release_of(PROJECT)


def test_all_of_a_store_is_below_it_and_made_by_the_programs_provider(two: Engine) -> None:
    parents = {(one.type, one.name): one.parent for one in two.resources}
    tops = {key for key, parent in parents.items() if parent[0] == "pulumi:pulumi:Stack"}

    assert tops == {(STORE, "shop"), (STORE, "blog")}
    assert {one.provider for one in two.resources} == {""}


def test_the_longest_name_of_a_store_fits_into_every_name(two: Engine) -> None:
    # Pulumi's own pattern: a hyphen and seven hexadecimal digits after the name of the resource.
    names = [
        (one.type, f"{LONGEST_NAME}{one.name.removeprefix('shop')}-0123abc")
        for one in two.resources
        if one.type in RESOURCE_TYPES and one.name.startswith("shop-")
    ]

    assert len(names) > 100
    assert [one for one in names if len(one[1]) > RESOURCE_TYPES[one[0]].longest_name] == []


def test_roles_are_inside_the_boundary_that_is_given(two: Engine) -> None:
    roles = two.of_type("aws:iam/role:Role")

    assert len(roles) > 20
    assert {(one["permissionsBoundary"], one["path"]) for one in roles.values()} == {
        (BOUNDARY, "/rrweb-store/test/")
    }


def test_without_a_website_there_are_no_files_and_no_distribution() -> None:
    def build() -> None:
        pulumi.export("store", outputs(RrwebStore("shop", args(website=False, site_folder="no"))))

    engine = deploy(build)

    types = {one.type for one in engine.resources}
    assert not {one for one in types if "cloudfront" in one or "bucketObject" in one}
    assert {one for one, value in engine.exports["store"].items() if value is None} == {
        "site_url",
        "site_dns_name",
    }
    client = engine.inputs("aws:cognito/userPoolClient:UserPoolClient", "shop-users")
    assert client["logoutUrls"] == ["http://localhost:8080/"]


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab"
ROLE = "arn:aws:iam::123456789012:role/operators"


def test_what_the_same_program_creates_may_be_given() -> None:
    engine = deploy(
        lambda: RrwebStore(
            "shop",
            args(
                site_domain="replay.example.com",
                site_certificate_arn=pulumi.Output.from_input(CERTIFICATE),
                callback_urls=[pulumi.Output.from_input("https://app.example/")],
                operators=[pulumi.Output.from_input(ROLE)],
            ),
        )
    )

    distribution = engine.inputs("aws:cloudfront/distribution:Distribution", "shop-site")
    assert distribution["viewerCertificate"]["acmCertificateArn"] == CERTIFICATE
    client = engine.inputs("aws:cognito/userPoolClient:UserPoolClient", "shop-users")
    assert client["callbackUrls"][0] == "https://app.example/"
    assert ROLE in engine.inputs("aws:apigateway/restApi:RestApi", "shop-api")["body"]


def test_an_operator_that_turns_out_to_be_no_role_is_refused() -> None:
    with pytest.raises(ValueError, match=r"operators must be ARNs of roles, got '\*'"):
        deploy(lambda: RrwebStore("shop", args(operators=[pulumi.Output.from_input("*")])))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: args(retention_days=0), "shop: retentionDays must be 1..3650, got 0"),
        (lambda: args(firehose_buffer_seconds=1), "shop: firehoseBufferSeconds must be 60..900"),
        (lambda: args(site_domain="a.example"), "shop: siteDomain and siteCertificateArn need"),
        (lambda: args(site_folder="nowhere"), f"shop: there is no built site in {PROJECT}/nowhere"),
        (lambda: args(region="Ireland"), "shop: region must be such as eu-west-1, got 'Ireland'"),
        (lambda: args(sites=[{"id": "a"}]), "shop: sites: a: keys must be a list of texts, got"),
        (
            lambda: args(website=False, callback_urls=()),
            "shop: callbackUrls must name at least one URL",
        ),
    ],
)
def test_a_wrong_input_is_told_in_one_line_by_its_name(
    build: Callable[[], RrwebStoreArgs], said: str
) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        deploy(lambda: RrwebStore("shop", build()))

    assert str(refusal.value).startswith(said)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["Shop", "my.shop", "a_b", "1st", "x" * 21, "a\nb", "é"])
def test_a_name_that_aws_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(pulumi.RunError, match="the name of a store must be up to 20 lower-case"):
        deploy(lambda: RrwebStore(name, args()))
