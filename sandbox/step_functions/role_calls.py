"""Lets MiniStack's state machines call services as AWS does: by HTTP, with the machine's role.

MiniStack's own calls go past its IAM, and it has no DeleteObjects, which an SDK integration of
Step Functions has as every other action. This runs inside MiniStack's process, and imports nothing
of the sandbox.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import contextvars
import functools
import json
import os
import threading
import time
from datetime import datetime
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_ROLE: contextvars.ContextVar[str] = contextvars.ContextVar("role")
_LIFETIME_S = 600
# As the SDK for Java 2 names the services, which Step Functions puts before the names of errors.
_PREFIXES = {"s3": "S3", "dynamodb": "DynamoDb"}


def install() -> None:
    """Replace how MiniStack runs the tasks of a state machine."""
    from ministack.services import stepfunctions  # noqa: PLC0415 - only in MiniStack's process

    engine: Any = stepfunctions
    execute, error_type = engine._execute_task, engine._ExecutionError  # noqa: SLF001

    def execute_task(state: Any, given: Any, execution: Any, context: Any) -> Any:
        # The machine of a Map's child is `<arn>/<label>`.
        machine = execution["stateMachineArn"].split("/")[0]
        role = engine._state_machines[machine]["roleArn"]  # noqa: SLF001
        token = _ROLE.set(role)
        try:
            return execute(state, given, execution, context)
        finally:
            _ROLE.reset(token)

    def invoke(resource: str, arguments: dict[str, Any]) -> Any:
        service, action = resource.split(":")[-2:]
        try:
            return call(service, action, arguments, _ROLE.get())
        except ClientError as error:
            said = cast("dict[str, Any]", error.response)["Error"]
            code = str(said["Code"])
            name = code if code.endswith("Exception") else f"{code}Exception"
            prefix = _PREFIXES.get(service, service.capitalize())
            raise error_type(f"{prefix}.{name}", said["Message"]) from error
        except BotoCoreError as error:
            prefix = _PREFIXES.get(service, service.capitalize())
            raise error_type(f"{prefix}.SdkClientException", str(error)) from error

    engine._execute_task = execute_task  # noqa: SLF001
    engine._invoke_aws_sdk_integration = invoke  # noqa: SLF001


def call(service: str, action: str, arguments: dict[str, Any], role_arn: str) -> Any:
    """Return a service's answer as JSON; `action` is written `getItem`, as in a resource."""
    client = _client(service, role_arn, int(time.monotonic() // _LIFETIME_S))
    method = "".join(f"_{one.lower()}" if one.isupper() else one for one in action)
    given = {name: _sent(name, one) for name, one in arguments.items()}
    answer = getattr(client, method)(**given)
    answer.pop("ResponseMetadata", None)
    return json.loads(json.dumps(answer, default=_text))


def _sent(name: str, value: Any) -> Any:
    """Return an argument as boto3 takes it: S3's Body is written as JSON."""
    return json.dumps(value).encode() if name == "Body" else value


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_LOCK = threading.Lock()


def _client(service: str, role_arn: str, period: int) -> Any:
    with _LOCK:
        return _made(service, role_arn, period)


@functools.lru_cache(maxsize=32)
def _made(service: str, role_arn: str, _period: int) -> Any:
    """Return a client with the role's permissions, for as long as its credentials live."""
    boto: Any = boto3
    settings = {
        "endpoint_url": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        "region_name": os.environ["MINISTACK_REGION"],
        "config": Config(
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=64,
        ),
    }
    sts = boto.client("sts", **settings)
    given = sts.assume_role(RoleArn=role_arn, RoleSessionName="states")["Credentials"]
    return boto.client(
        service,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        **settings,
    )
