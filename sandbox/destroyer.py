"""`pulumi destroy` for the sandbox: takes away what the deployer made, last made first."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sandbox.cloud import Cloud
from sandbox.deployer import Deployed


class ProtectedError(RuntimeError):
    """The program protects it: nothing was deleted."""


def destroy(cloud: Cloud, deployed: Deployed) -> None:
    """Delete everything of the stack.

    Raises:
        ProtectedError: Something of it may not be deleted.
        ClientError: A bucket that is not to be emptied holds objects.
    """
    for type_, id_, inputs in deployed.made:
        if inputs.get("deletionProtectionEnabled") or inputs.get("deletionProtection") == "ACTIVE":
            raise ProtectedError(f"{type_} {id_} is protected: set protect to false first")
    for type_, id_, inputs in reversed(deployed.made):
        delete = _DELETE.get(type_)
        if delete:
            delete(cloud, id_, inputs)
    deployed.made.clear()


def _bucket(cloud: Cloud, id_: str, inputs: Mapping[str, Any]) -> None:
    s3 = cloud.client("s3")
    if inputs.get("forceDestroy"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=id_):
            for one in page.get("Contents", []):
                s3.delete_object(Bucket=id_, Key=one["Key"])
    s3.delete_bucket(Bucket=id_)


def _role_policy(cloud: Cloud, id_: str, _: Mapping[str, Any]) -> None:
    role, policy = id_.split(":", 1)
    cloud.client("iam").delete_role_policy(RoleName=role, PolicyName=policy)


def _client(cloud: Cloud, id_: str, inputs: Mapping[str, Any]) -> None:
    cloud.client("cognito-idp").delete_user_pool_client(
        UserPoolId=inputs["userPoolId"], ClientId=id_
    )


def _domain(cloud: Cloud, id_: str, inputs: Mapping[str, Any]) -> None:
    cloud.client("cognito-idp").delete_user_pool_domain(Domain=id_, UserPoolId=inputs["userPoolId"])


# What is missing here goes with what holds it, or is the gateway's or Firehose's own.
_DELETE: Mapping[str, Callable[[Cloud, str, Mapping[str, Any]], object]] = MappingProxyType(
    {
        "aws:cloudwatch/logGroup:LogGroup": lambda cloud, id_, _: cloud.client(
            "logs"
        ).delete_log_group(logGroupName=id_),
        "aws:cognito/userPool:UserPool": lambda cloud, id_, _: cloud.client(
            "cognito-idp"
        ).delete_user_pool(UserPoolId=id_),
        "aws:cognito/userPoolClient:UserPoolClient": _client,
        "aws:cognito/userPoolDomain:UserPoolDomain": _domain,
        "aws:dynamodb/table:Table": lambda cloud, id_, _: cloud.client("dynamodb").delete_table(
            TableName=id_
        ),
        "aws:iam/role:Role": lambda cloud, id_, _: cloud.client("iam").delete_role(RoleName=id_),
        "aws:iam/rolePolicy:RolePolicy": _role_policy,
        "aws:kinesis/stream:Stream": lambda cloud, id_, _: cloud.client("kinesis").delete_stream(
            StreamName=id_
        ),
        "aws:lambda/function:Function": lambda cloud, id_, _: cloud.client(
            "lambda"
        ).delete_function(FunctionName=id_),
        "aws:s3/bucket:Bucket": _bucket,
    }
)
