"""What each stack promises: what is protected, what goes, what two of them may share."""

import json

import pytest
import yaml

from components.api.contract import Document
from components.release.packed_contract import unpacked_contract
from components.release.release import release_of
from resource_types.registry import RESOURCE_TYPES
from sandbox.program import PROJECT, main_program, stack_config
from tests.engine import SUFFIX, WITH_SITE, Engine, deploy, deploy_program
from tests.program.given import (
    BUCKET,
    LOG_GROUP,
    POOL,
    STREAM,
    TABLE,
    integrations,
)

SITE = {(BUCKET, "site")}


def test_prod_deletes_nothing_that_holds_data() -> None:
    prod = deploy_program("prod")

    data = {
        (one.type, one.name)
        for one in prod.resources
        if one.type in RESOURCE_TYPES and RESOURCE_TYPES[one.type].holds_data
    }

    # The next build would write the site's files again.
    assert {(one.type, one.name) for one in prod.resources if one.protect} == data - SITE
    assert prod.inputs(TABLE, "recordings-by-owner")["deletionProtectionEnabled"] is True
    assert prod.inputs(TABLE, "recordings-by-owner")["pointInTimeRecovery"] == {"enabled": True}
    assert prod.inputs(POOL, "users")["deletionProtection"] == "ACTIVE"
    assert prod.inputs(BUCKET, "recordings") == {"forceDestroy": False}


def test_dev_can_be_destroyed_and_leaves_nothing_behind() -> None:
    dev = deploy_program("dev")

    assert [one for one in dev.resources if one.protect] == []
    assert dev.inputs(TABLE, "recordings-by-owner")["deletionProtectionEnabled"] is False
    assert dev.inputs(POOL, "users")["deletionProtection"] == "INACTIVE"
    assert dev.inputs(BUCKET, "recordings") == {"forceDestroy": True}


FIXED_NAMES = {
    "aws:cloudwatch/logStream:LogStream",  # in a group whose name is Pulumi's
    "aws:cognito/userGroup:UserGroup",  # in a pool whose id is Cognito's
}


def test_an_ephemeral_stack_is_small_and_can_be_destroyed() -> None:
    pr = deploy_program("pr")

    assert [one for one in pr.resources if one.protect] == []
    assert pr.inputs(BUCKET, "recordings") == {"forceDestroy": True}
    assert pr.inputs(STREAM, "events")["shardCount"] == 1
    assert pr.inputs(TABLE, "recordings-by-owner")["deletionProtectionEnabled"] is False
    assert pr.inputs(POOL, "users")["deletionProtection"] == "INACTIVE"
    assert {one["retentionInDays"] for one in pr.of_type(LOG_GROUP).values()} == {1}
    settings = pr.inputs("aws:apigateway/methodSettings:MethodSettings", "api")["settings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (20, 40)


@pytest.mark.parametrize("stack", ["dev", "pr"])
def test_fifty_may_live_side_by_side_as_no_name_is_fixed_and_nothing_is_the_account_s(
    stack: str,
) -> None:
    engine = deploy_program(stack)

    named = {
        (one.type, one.name)
        for one in engine.resources
        if one.custom
        and {"name", "bucket", "functionName"} & set(one.inputs)
        and not str(one.inputs.get("bucket", "")).endswith(SUFFIX)
    }
    assert {type_ for type_, _ in named} <= FIXED_NAMES
    account_wide = ("aws:apigateway/account:", "aws:budgets/", "aws:iam/openIdConnectProvider:")
    assert [one.type for one in engine.resources if one.type.startswith(account_wide)] == []


def test_an_ephemeral_stack_says_whose_it_is_of_what_and_until_when() -> None:
    own = {"owner": "jo", "commit": "abc1234", "expiresOn": "2026-11-27"}
    config = {
        **stack_config("pr"),
        **WITH_SITE,
        **{f"rrweb-store:{key}": value for key, value in own.items()},
    }

    tags = deploy(main_program(), config).inputs("pulumi:providers:aws", "aws")["defaultTags"]

    assert json.loads(tags)["tags"] == {
        "project": "rrweb-store",
        "stack": "test",
        "owner": "jo",
        "commit": "abc1234",
        "expires-on": "2026-11-27",
    }


def expiry_days(engine: Engine) -> dict[str, int]:
    """Return after how many days S3 deletes what lies under each prefix."""
    rules = engine.inputs(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "recordings"
    )["rules"]
    return {
        one["filter"]["prefix"]: int(one["expiration"]["days"])
        for one in rules
        if "expiration" in one
    }


def test_the_items_and_the_objects_of_a_recording_expire_together(
    engine: Engine, body: Document
) -> None:
    template = integrations(body)["PUT /recordings/{recordingId}"]["requestTemplates"]

    days = expiry_days(engine)

    assert days["rrweb/recordings/"] == days["rrweb/failed/"]
    seconds = days["rrweb/recordings/"] * 86_400
    assert f"#set($retentionSeconds = {seconds})\n" in template["application/json"]


def test_an_asset_outlives_every_recording_that_may_refer_to_it(engine: Engine) -> None:
    days = expiry_days(engine)

    # A recording may refer to what is seven days old; a day is for what is on its way.
    assert days["rrweb/assets/"] == days["rrweb/recordings/"] + 7 + 1
    assert [one for one in days if "rrweb/assets/".startswith(one)] == ["rrweb/assets/"]


@pytest.mark.parametrize("prefix", ["rrweb/erasures/", "rrweb/kept/"])
def test_certificates_and_what_is_kept_do_not_expire(engine: Engine, prefix: str) -> None:
    assert [one for one in expiry_days(engine) if prefix.startswith(one)] == []


def test_the_release_is_stamped_on_all_that_runs(engine: Engine) -> None:
    release = release_of(PROJECT)

    assert engine.exports["release"] == release
    assert engine.inputs("aws:apigateway/stage:Stage", "api")["description"] == f"release {release}"


def test_the_lambda_reads_where_firehose_writes(engine: Engine) -> None:
    function = engine.inputs("aws:lambda/function:Function", "read-events")
    firehose = engine.inputs("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "events")[
        "extendedS3Configuration"
    ]

    prefix = function["environment"]["variables"]["KEY_PREFIX"]
    assert firehose["prefix"].startswith(f"{prefix}/userId=")
    assert firehose["bucketArn"].endswith(f":{function['environment']['variables']['BUCKET']}")


@pytest.mark.parametrize("seconds", ["60", "900"])
def test_the_lambda_knows_how_long_firehose_waits(seconds: str) -> None:
    engine = deploy(
        main_program(),
        {**stack_config("dev"), **WITH_SITE, "rrweb-store:firehoseBufferSeconds": seconds},
    )
    function = engine.inputs("aws:lambda/function:Function", "read-events")
    firehose = engine.inputs("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "events")

    assert function["environment"]["variables"]["FIREHOSE_BUFFER_SECONDS"] == seconds
    assert firehose["extendedS3Configuration"]["bufferingInterval"] == int(seconds)


# Clients, scripts and the end-to-end tests read them by name, outside the program.
RELIED_ON = {
    *("apiUrl", "siteUrl", "userPoolId", "userPoolClientId", "issuerUrl", "signInUrl"),
    *("bucketName", "tableName", "streamName", "deliveryStreamName", "region", "release"),
    # A domain of one's own points to the first; the stage after this one reads the others.
    *("siteDnsName", "verifiedReleases", "contract", "storageLayout", "sites"),
    "earlierTableName",
}


def test_no_export_that_is_relied_on_is_missing(engine: Engine) -> None:
    assert RELIED_ON - set(engine.exports) == set()


def test_every_export_says_something_and_no_url_ends_in_a_slash(engine: Engine) -> None:
    empty = {name for name, value in engine.exports.items() if not value}
    assert empty == {"verifiedReleases", "earlierTableName"}
    assert not engine.exports["apiUrl"].endswith("/")
    assert not engine.exports["siteUrl"].endswith("/")


def test_the_contract_that_is_exported_is_no_json_which_pulumi_would_print_line_by_line(
    engine: Engine,
) -> None:
    exported = engine.exports["contract"]

    with pytest.raises(json.JSONDecodeError):
        json.loads(exported)
    assert "\n" not in exported
    assert unpacked_contract(exported) == yaml.safe_load((PROJECT / "openapi.yaml").read_text())
