"""Every resource: its name, its provider, its encryption."""

import json

import pytest

from tests.engine import REGION, SUFFIX, Engine, deploy_program
from tests.program.given import (
    BUCKET,
    BUCKET_POLICY,
    LOG_GROUP,
    STREAM,
    TABLE,
)


def test_no_two_resources_of_a_type_have_one_name(engine: Engine) -> None:
    keys = [(one.type, one.name) for one in engine.resources]

    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_only_provider_tags_everything_with_project_and_stack(stack: str) -> None:
    providers = deploy_program(stack).of_type("pulumi:providers:aws")

    assert set(providers) == {"aws"}
    assert providers["aws"]["region"] == REGION
    assert json.loads(providers["aws"]["defaultTags"]) == {
        "tags": {"project": "rrweb-store", "stack": stack}
    }


def test_everything_is_made_by_that_provider(engine: Engine) -> None:
    made = [one for one in engine.resources if one.custom and not one.type.startswith("pulumi:")]

    assert len(made) > 30
    assert [(one.type, one.name) for one in made if one.provider != "aws"] == []


def test_the_account_s_logging_role_which_all_stacks_share_is_left_alone(engine: Engine) -> None:
    assert engine.of_type("aws:apigateway/account:Account") == {}


def test_every_log_ends_after_a_number_of_days_that_cloudwatch_offers(engine: Engine) -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    offered = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}

    groups = engine.of_type(LOG_GROUP)

    assert {"events", "read-events"} <= set(groups)
    kept = {name: group.get("retentionInDays") for name, group in groups.items()}
    assert {name: days for name, days in kept.items() if days not in offered} == {}


def test_the_function_that_reads_back_has_one_whole_processor(engine: Engine) -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
    functions = engine.of_type("aws:lambda/function:Function")

    assert {name: one["memorySize"] for name, one in functions.items()} == {"read-events": 1769}


def test_every_bucket_is_encrypted_private_and_reached_over_tls(engine: Engine) -> None:
    buckets = {f"{name}{SUFFIX}" for name in engine.of_type(BUCKET)}

    assert buckets
    assert buckets_of(
        engine,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ) == (buckets)
    assert buckets_of(engine, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") == buckets
    assert buckets_of(engine, BUCKET_POLICY) == buckets


def buckets_of(engine: Engine, type_: str) -> set[str]:
    """Return the buckets that have a resource of that type."""
    return {inputs["bucket"] for inputs in engine.of_type(type_).values()}


def test_every_stream_is_encrypted(engine: Engine) -> None:
    streams = engine.of_type(STREAM)

    assert {
        name: (stream["encryptionType"], stream["kmsKeyId"]) for name, stream in streams.items()
    } == {"events": ("KMS", "alias/aws/kinesis")}


def test_what_aws_encrypts_by_itself_is_left_to_it(engine: Engine) -> None:
    # "All user data stored in Amazon DynamoDB is fully encrypted at rest":
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
    assert [
        table for table in engine.of_type(TABLE).values() if "serverSideEncryption" in table
    ] == []
    # "Log group data is always encrypted in CloudWatch Logs":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    assert [group for group in engine.of_type(LOG_GROUP).values() if "kmsKeyId" in group] == []
    # With a stream as its source, Firehose keeps nothing at rest:
    # https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
    assert [
        one
        for one in engine.of_type(
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
        ).values()
        if "kinesisSourceConfiguration" not in one
    ] == []
