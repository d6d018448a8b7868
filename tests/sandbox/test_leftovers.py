"""The leak check and the janitor, on two tagged stacks in one account."""

import json
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from bootstrap.deploy_role import stage_policies
from bootstrap.scope import Scope
from bootstrap.stages import STAGES
from operations import leftovers
from operations.leftovers import main
from sandbox.addresses import Addresses
from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET, SERVICES, Cloud
from sandbox.deployment import Deployment, deploy
from sandbox.destroyer import destroy
from sandbox.program import stack_config
from tests.engine import WITH_SITE, deploy_program

HERE = "http://127.0.0.1:1"
NOWHERE = Addresses(region="eu-west-1", api=HERE, sign_in=HERE, site=HERE)
EXTRA_SERVICES = ("tagging", "cloudfront", "monitoring")
LAST_DAYS = {"pr-12": "2020-01-01", "pr-13": "2999-01-01"}
TAGS = {"project": "rrweb-store", "stack": "pr-12", "owner": "jo", "expires-on": "2020-01-01"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = Cloud(tmp_path_factory.mktemp("cloud"), services=(*SERVICES, *EXTRA_SERVICES))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _by_root(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch, cloud, ROOT_KEY_ID, ROOT_SECRET)


@pytest.fixture(scope="module")
def deployed() -> dict[str, Deployment]:
    """Return the stacks as the test before has left them."""
    return {}


@pytest.fixture
def stacks(cloud: Cloud, deployed: dict[str, Deployment]) -> dict[str, Deployment]:
    """Return the stacks of two pull requests; the first one has expired.

    Those that the test before has destroyed are deployed again.
    """
    for stack, last_day in LAST_DAYS.items():
        if stack not in deployed or not deployed[stack].deployed.made:
            deployed[stack] = deploy(
                cloud,
                stack=stack,
                config={
                    **stack_config("pr"),
                    **WITH_SITE,
                    "rrweb-store:owner": "jo",
                    "rrweb-store:expiresOn": last_day,
                },
                addresses=NOWHERE,
            )
    return deployed


def use_credentials(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, key: str, secret: str, token: str = ""
) -> None:
    """Point the commands at this cloud, with these credentials."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)  # empty is none


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, list[str]]]:
    """Return a function that runs a leak check and returns its exit code and lines."""

    def checked(stack: str) -> tuple[int, list[str]]:
        code = main(["check", "--stack", stack, "--patience", "0"])
        return code, [line.strip() for line in capsys.readouterr().out.splitlines()]

    return checked


Check = Callable[[str], tuple[int, list[str]]]
Stacks = dict[str, Deployment]


def test_created_resources_have_the_default_tags_of_the_provider(
    cloud: Cloud, stacks: Stacks
) -> None:
    exports = stacks["pr-12"].exports
    made = {type_: id_ for type_, id_, _ in stacks["pr-12"].deployed.made}
    table = cloud.client("dynamodb").describe_table(TableName=exports["tableName"])["Table"]
    function = made["aws:lambda/function:Function"]

    pairs: dict[str, list[dict[str, str]]] = {
        "bucket": cloud.client("s3").get_bucket_tagging(Bucket=exports["bucketName"])["TagSet"],
        "role": cloud.client("iam").list_role_tags(RoleName=made["aws:iam/role:Role"])["Tags"],
        "site": cloud.client("s3").get_object_tagging(
            Bucket=made["aws:s3/bucketObjectv2:BucketObjectv2"].split("/")[0], Key="index.html"
        )["TagSet"],
        "stream": cloud.client("kinesis").list_tags_for_stream(StreamName=exports["streamName"])[
            "Tags"
        ],
        "table": cloud.client("dynamodb").list_tags_of_resource(ResourceArn=table["TableArn"])[
            "Tags"
        ],
    }
    tags: dict[str, dict[str, str]] = {
        "function": cloud.client("lambda").get_function(FunctionName=function)["Tags"],
        "log group": cloud.client("logs").list_tags_log_group(
            logGroupName=made["aws:cloudwatch/logGroup:LogGroup"]
        )["tags"],
        "pool": cloud.client("cognito-idp").describe_user_pool(UserPoolId=exports["userPoolId"])[
            "UserPool"
        ]["UserPoolTags"],
        **{kind: {one["Key"]: one["Value"] for one in found} for kind, found in pairs.items()},
    }
    assert tags == dict.fromkeys(tags, TAGS)


def test_the_leak_check_lists_a_stack_until_it_is_destroyed(
    cloud: Cloud, stacks: Stacks, check: Check
) -> None:
    code, lines = check("pr-12")
    destroy(cloud, stacks["pr-12"].deployed)

    assert (code, lines[0]) == (1, f"{len(lines) - 1} left of pr-12:")
    bucket, table = stacks["pr-12"].exports["bucketName"], stacks["pr-12"].exports["tableName"]
    assert f"arn:aws:s3:::{bucket}" in lines
    assert [line for line in lines if line.endswith(f":table/{table}")] != []
    assert len([line for line in lines if ":role/" in line]) > 10
    assert check("pr-12") == (0, ["nothing is left of pr-12 in eu-west-1"])
    assert check("pr-13")[0] == 1


def test_the_leak_check_names_a_resource_that_was_not_deleted(
    cloud: Cloud, stacks: Stacks, check: Check
) -> None:
    deployed = stacks["pr-12"].deployed
    kept = next(one for one in deployed.made if one[0] == "aws:dynamodb/table:Table")
    deployed.made.remove(kept)
    destroy(cloud, deployed)

    code, lines = check("pr-12")
    cloud.client("dynamodb").delete_table(TableName=kept[1])

    assert (code, lines[0]) == (1, "1 left of pr-12:")
    assert lines[1].endswith(f":table/{kept[1]}")
    assert check("pr-12")[0] == 0


def test_untagged_resources_are_found_by_description_or_name(cloud: Cloud, check: Check) -> None:
    # With the descriptions and names that the program gives them.
    program = deploy_program("prod")
    folder = "aws:cloudfront/"
    access = program.inputs(f"{folder}originAccessControl:OriginAccessControl", "site")
    headers = program.inputs(f"{folder}responseHeadersPolicy:ResponseHeadersPolicy", "site")
    function = program.inputs(f"{folder}function:Function", "site")
    board = program.inputs("aws:cloudwatch/dashboard:Dashboard", "watch")
    cloudfront, cloudwatch = cloud.client("cloudfront"), cloud.client("cloudwatch")
    made_access = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "site-1",
            "Description": access["description"],
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    made_headers = cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": "site-1", "Comment": headers["comment"]}
    )["ResponseHeadersPolicy"]["Id"]
    cloudfront.create_function(
        Name="site-1",
        FunctionConfig={"Comment": function["comment"], "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request; }",
    )
    cloudwatch.put_dashboard(DashboardName=board["dashboardName"], DashboardBody="{}")

    code, lines = check("prod")

    assert (code, lines[1:4]) == (
        1,
        [
            "CloudFront function site-1",
            f"CloudFront origin access control {made_access}",
            f"CloudFront response headers policy {made_headers}",
        ],
    )
    assert [line.rsplit("/", 1)[1] for line in lines[4:]] == [board["dashboardName"]]
    assert check("pro")[0] == 0


def test_the_janitor_destroys_only_expired_stacks(
    cloud: Cloud, stacks: Stacks, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulumi(stack: str) -> bool:
        destroy(cloud, stacks[stack].deployed)
        return True

    monkeypatch.setattr(leftovers, "destroy", pulumi)

    assert main(["janitor"]) == 0
    assert (check("pr-12")[0], check("pr-13")[0]) == (0, 1)
    assert stacks["pr-13"].deployed.made != []


def test_the_deploy_role_of_pull_requests_may_run_both_commands(
    cloud: Cloud, stacks: Stacks, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    iam = cloud.client("iam")
    for name, tags in (
        ("read-events-dev", {"project": "rrweb-store", "stack": "dev"}),
        ("unrelated", {"project": "another"}),
    ):
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=pairs)
    key, secret, token = deploy_credentials(cloud, "ephemeral")
    use_credentials(monkeypatch, cloud, key, secret, token)

    assert check("pr-13")[0] == 1
    assert check("pr-14") == (0, ["nothing is left of pr-14 in eu-west-1"])
    # pr-12 has expired, and there is no Pulumi to destroy it.
    monkeypatch.setattr(leftovers, "destroy", asked.append)
    assert main(["janitor"]) == 1
    assert asked == ["pr-12"]


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)


def deploy_credentials(cloud: Cloud, stage: str) -> tuple[str, str, str]:
    """Return credentials of a role with the permissions of the stage's jobs."""
    account = cloud.client("sts").get_caller_identity()["Account"]
    scope = Scope(stage=STAGES[stage], account=account, region="eu-west-1")
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=f"rrweb-store-{stage}", AssumeRolePolicyDocument=TRUST)["Role"]
    for part, policy in stage_policies(scope, "state").items():
        iam.put_role_policy(RoleName=role["RoleName"], PolicyName=part, PolicyDocument=policy)
    given = cloud.assume(role["Arn"])
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def test_a_role_without_permission_gets_an_error_and_no_clean_report(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret, token = deploy_credentials(cloud, "preview")
    use_credentials(monkeypatch, cloud, key, secret, token)

    with pytest.raises(ClientError, match="AccessDenied"):
        main(["check", "--stack", "pr-14", "--patience", "0"])
