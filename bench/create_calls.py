"""Which calls the AWS provider makes to create a resource: those that change something.

Reads and waits are left out. The source is the code of the provider that pulumi-aws wraps, the
create function of each resource in https://github.com/hashicorp/terraform-provider-aws, as it is
for a stack whose provider has default tags: every type here that can have tags takes them with its
first call (S3 buckets since version 6.23 of that provider).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Inputs = Mapping[str, Any]
"""A resource's inputs: the provider's schema defines them, in camelCase."""


class UncountedResourceError(LookupError):
    """The program registers a type that is not in the table: read the provider, and add it."""


def _always(_: Inputs) -> bool:
    return True


@dataclass(frozen=True)
class Call:
    """One call, and which inputs lead to it."""

    action: str
    made: Callable[[Inputs], bool] = _always


def _has(name: str) -> Callable[[Inputs], bool]:
    return lambda inputs: bool(inputs.get(name))


def _enables(name: str) -> Callable[[Inputs], bool]:
    def made(inputs: Inputs) -> bool:
        block: Inputs = inputs.get(name) or {}
        return bool(block.get("enabled"))

    return made


def _is_renamed(inputs: Inputs) -> bool:
    """Return whether the import gives the API another name than it is to have.

    PutRestApi names it after the document's title. Without a name, Pulumi makes one up.
    """
    body = inputs.get("body")
    return bool(body) and json.loads(body)["info"]["title"] != inputs.get("name")


CREATE_CALLS: Mapping[str, tuple[Call, ...]] = MappingProxyType(
    {
        "aws:apigateway/deployment:Deployment": (Call("CreateDeployment"),),
        "aws:apigateway/methodSettings:MethodSettings": (Call("UpdateStage"),),
        "aws:apigateway/restApi:RestApi": (
            Call("CreateRestApi"),
            Call("PutRestApi", _has("body")),
            Call("UpdateRestApi", _is_renamed),
        ),
        "aws:apigateway/stage:Stage": (
            Call("CreateStage"),
            Call("UpdateStage", _has("accessLogSettings")),
        ),
        "aws:cloudfront/distribution:Distribution": (Call("CreateDistributionWithTags"),),
        "aws:cloudfront/function:Function": (
            Call("CreateFunction"),
            Call("PublishFunction", _has("publish")),
        ),
        "aws:cloudfront/originAccessControl:OriginAccessControl": (
            Call("CreateOriginAccessControl"),
        ),
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (
            Call("CreateResponseHeadersPolicy"),
        ),
        "aws:cloudwatch/logGroup:LogGroup": (
            Call("CreateLogGroup"),
            Call("PutRetentionPolicy", _has("retentionInDays")),
        ),
        "aws:cloudwatch/logStream:LogStream": (Call("CreateLogStream"),),
        "aws:cognito/managedLoginBranding:ManagedLoginBranding": (
            Call("CreateManagedLoginBranding"),
        ),
        "aws:cognito/userPool:UserPool": (
            Call("CreateUserPool"),
            Call("SetUserPoolMfaConfig", lambda pool: pool.get("mfaConfiguration", "OFF") != "OFF"),
        ),
        "aws:cognito/userPoolClient:UserPoolClient": (Call("CreateUserPoolClient"),),
        "aws:cognito/userPoolDomain:UserPoolDomain": (Call("CreateUserPoolDomain"),),
        "aws:dynamodb/table:Table": (
            Call("CreateTable"),
            Call("UpdateTimeToLive", _enables("ttl")),
            Call("UpdateContinuousBackups", _enables("pointInTimeRecovery")),
        ),
        "aws:iam/role:Role": (Call("CreateRole"),),
        "aws:iam/rolePolicy:RolePolicy": (Call("PutRolePolicy"),),
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
            Call("CreateDeliveryStream"),
            Call("StartDeliveryStreamEncryption", _enables("serverSideEncryption")),
        ),
        "aws:kinesis/stream:Stream": (
            Call("CreateStream"),
            Call("IncreaseStreamRetentionPeriod"),  # even to the 24 hours that it has already
            Call("EnableEnhancedMonitoring", _has("shardLevelMetrics")),
            Call("StartStreamEncryption", lambda stream: stream.get("encryptionType") == "KMS"),
        ),
        "aws:lambda/function:Function": (
            Call("CreateFunction"),
            Call(
                "PutFunctionConcurrency",
                lambda function: function.get("reservedConcurrentExecutions", -1) >= 0,
            ),
        ),
        "aws:s3/bucket:Bucket": (Call("CreateBucket"),),
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
            Call("PutBucketLifecycleConfiguration"),
        ),
        "aws:s3/bucketObjectv2:BucketObjectv2": (Call("PutObject"),),
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
            Call("PutBucketOwnershipControls"),
        ),
        "aws:s3/bucketPolicy:BucketPolicy": (Call("PutBucketPolicy"),),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (Call("PutPublicAccessBlock"),),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
            Call("PutBucketEncryption"),
        ),
        "aws:budgets/budget:Budget": (Call("CreateBudget"),),
        "aws:cloudwatch/dashboard:Dashboard": (Call("PutDashboard"),),
        "aws:cloudwatch/metricAlarm:MetricAlarm": (Call("PutMetricAlarm"),),
        "aws:s3/bucketMetric:BucketMetric": (Call("PutBucketMetricsConfiguration"),),
        "aws:sns/topic:Topic": (Call("CreateTopic"),),
        "aws:sns/topicSubscription:TopicSubscription": (Call("Subscribe"),),
        "aws:wafv2/webAcl:WebAcl": (Call("CreateWebACL"),),
        "aws:wafv2/webAclAssociation:WebAclAssociation": (Call("AssociateWebACL"),),
        "pulumi:providers:aws": (),  # it only asks who is calling
    }
)


def create_calls(type_: str, inputs: Inputs) -> list[str]:
    """Return the actions that create one resource, in their order.

    >>> create_calls("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 14})
    ['CreateLogGroup', 'PutRetentionPolicy']

    Raises:
        UncountedResourceError: The table has no entry for the type.
    """
    if type_ not in CREATE_CALLS:
        raise UncountedResourceError(
            f"no entry for {type_} in bench/create_calls.py: read how the AWS provider "
            "creates it, and add it"
        )
    return [call.action for call in CREATE_CALLS[type_] if call.made(inputs)]
