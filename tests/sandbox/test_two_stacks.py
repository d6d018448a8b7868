"""The stacks of two pull requests in one account, and their destruction."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.preview_stack import main as write_preview_stack
from sandbox.addresses import Addresses
from sandbox.cloud import Cloud
from sandbox.deployment import Deployment, deploy
from sandbox.destroyer import ProtectedError, destroy
from sandbox.program import PROJECT, stack_config
from tests.engine import WITH_SITE

Listing = dict[str, list[str]]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = Cloud(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


def nowhere() -> Addresses:
    """Return addresses on which nothing listens."""
    here = "http://127.0.0.1:1"
    return Addresses(region="eu-west-1", api=here, sign_in=here, site=here)


def listing(cloud: Cloud) -> Listing:
    """Return the names of all resources in the account that cost money or hold data."""
    client = cloud.client
    return {
        "buckets": [one["Name"] for one in client("s3").list_buckets()["Buckets"]],
        "functions": [
            one["FunctionName"] for one in client("lambda").list_functions()["Functions"]
        ],
        "log groups": [
            one["logGroupName"] for one in client("logs").describe_log_groups()["logGroups"]
        ],
        "pools": [
            one["Name"] for one in client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        ],
        "roles": [one["RoleName"] for one in client("iam").list_roles()["Roles"]],
        "streams": client("kinesis").list_streams()["StreamNames"],
        "tables": client("dynamodb").list_tables()["TableNames"],
    }


def preview(cloud: Cloud, folder: Path, number: int) -> Deployment:
    """Deploy the stack of a pull request with the configuration that the workflow writes."""
    for name in ("Pulumi.yaml", "Pulumi.pr.yaml"):
        (folder / name).write_text((PROJECT / name).read_text(encoding="utf-8"), encoding="utf-8")
    write_preview_stack(["--number", str(number), "--owner", "jo"], folder)
    stack = f"pr-{number}"
    config = {**stack_config(stack, folder), **WITH_SITE}
    return deploy(cloud, stack=stack, config=config, addresses=nowhere())


def function_of(made: Deployment) -> str:
    return next(id_ for type_, id_, _ in made.deployed.made if type_.startswith("aws:lambda/"))


def test_two_stacks_share_no_name_and_their_destruction_leaves_nothing(
    cloud: Cloud, tmp_path: Path
) -> None:
    before = listing(cloud)
    first = preview(cloud, tmp_path, 12)
    only_first = listing(cloud)
    second = preview(cloud, tmp_path, 13)
    bucket = second.exports["bucketName"]
    cloud.client("s3").put_object(Bucket=bucket, Key="rrweb/recordings/x", Body=b"x")
    # An invocation could create a log group that the stack does not own.
    cloud.client("lambda").invoke(FunctionName=function_of(second), Payload=b"{}")

    different = {name for name, value in first.exports.items() if value != second.exports[name]}
    assert {"bucketName", "tableName", "streamName", "deliveryStreamName"} <= different
    assert {"userPoolId", "userPoolClientId"} <= different
    assert all(len(names) > len(before[kind]) for kind, names in only_first.items())

    destroy(cloud, second.deployed)
    assert listing(cloud) == only_first
    destroy(cloud, first.deployed)
    assert listing(cloud) == before


def test_a_bucket_with_objects_is_not_destroyed_without_force_destroy(cloud: Cloud) -> None:
    config = {**stack_config("pr"), **WITH_SITE, "rrweb-store:forceDestroy": "false"}
    made = deploy(cloud, stack="pr-14", config=config, addresses=nowhere())
    bucket = made.exports["bucketName"]
    cloud.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")

    with pytest.raises(ClientError, match="BucketNotEmpty"):
        destroy(cloud, made.deployed)

    assert cloud.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_a_protected_stack_is_not_destroyed(cloud: Cloud) -> None:
    config = {
        **stack_config("pr"),
        **WITH_SITE,
        "rrweb-store:protect": "true",
        "rrweb-store:forceDestroy": "false",
    }
    made = deploy(cloud, stack="pr-15", config=config, addresses=nowhere())
    before = listing(cloud)

    with pytest.raises(ProtectedError, match="set protect to false first"):
        destroy(cloud, made.deployed)

    assert listing(cloud) == before


def test_the_list_of_created_resources_is_plain_json(cloud: Cloud, tmp_path: Path) -> None:
    made: list[Any] = preview(cloud, tmp_path, 16).deployed.made

    assert json.loads(json.dumps(made))
    assert {entry[0] for entry in made} >= {"aws:s3/bucket:Bucket", "aws:iam/role:Role"}
