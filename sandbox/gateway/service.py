"""Calls AWS services as API Gateway does: raw HTTP, signed with the integration's role."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

import botocore.session
import httpx
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.model import ServiceModel

from sandbox.gateway.errors import GatewayError
from sandbox.gateway.request_model import validation_errors
from sandbox.plain_http import NO_CERTIFICATES

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
INTEGRATION_TIMEOUT_S = 29.0
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
MAX_KEY_BYTES = 1024

# botocore's name of a service, where it differs from that in an integration's URI.
_BOTOCORE_NAMES = {"states": "stepfunctions"}


class RoleCredentials(Protocol):
    """Returns credentials of a role that trusts API Gateway."""

    def __call__(self, role_arn: str) -> Credentials: ...


@dataclass(kw_only=True)
class Faults:
    """Faults that a test can switch on, by service name such as `kinesis`."""

    throttled: set[str] = field(default_factory=set[str])
    """The service refuses every call, as if it were over its limit."""
    unreachable: set[str] = field(default_factory=set[str])
    """The service cannot be reached."""


@dataclass(frozen=True)
class ServiceAnswer:
    status: int
    headers: dict[str, str]
    body: bytes


@lru_cache
def _service_model(service: str) -> Any:  # botocore is untyped
    session: Any = botocore.session.get_session()
    return ServiceModel(
        session.get_component("data_loader").load_service_model(
            _BOTOCORE_NAMES.get(service, service), "service-2"
        )
    )


@dataclass(kw_only=True)
class ServiceCaller:
    """Sends integration requests to AWS services."""

    endpoint: str
    region: str
    role_credentials: RoleCredentials
    faults: Faults = field(default_factory=Faults)
    timeout_s: float = INTEGRATION_TIMEOUT_S
    s3_endpoint: str = ""
    """Endpoint of S3; empty if all services share one."""
    resolves_dots: bool = False
    """Whether `..` in a path to S3 is resolved before it is sent. Not documented for AWS."""
    answered: Callable[[str], None] | None = None
    """Called with the name of a service that has answered a call of an action."""
    _client: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            limits=httpx.Limits(max_connections=64), verify=NO_CERTIFICATES
        )
    )

    def action(
        self, service: str, action: str, role_arn: str, headers: dict[str, str], body: str
    ) -> ServiceAnswer:
        """Call an action of a service with a JSON protocol, and return the answer."""
        metadata: dict[str, Any] = _service_model(service).metadata
        target = {"X-Amz-Target": f"{metadata['targetPrefix']}.{action}"}
        if service in self.faults.throttled:
            return _json_error(400, _THROTTLED.get(service, "ThrottlingException"), "Rate exceeded")
        if refused := _refused(service, action, body):
            return refused
        answer = self.call(service, "POST", "/", role_arn, {**headers, **target}, body.encode())
        if self.answered:
            self.answered(service)
        return answer

    def object(  # noqa: PLR0913, PLR0917 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        query: str,
        role_arn: str,
        headers: dict[str, str],
        body: bytes,
    ) -> ServiceAnswer:
        """Return the answer of S3 to a request for an object; `path` is `/bucket/key`, encoded."""
        if "s3" in self.faults.throttled:
            return _s3_error(503, "SlowDown")
        if self.resolves_dots:
            path = _without_dots(path)
        bucket, _, key = path.removeprefix("/").partition("/")
        if len(unquote_to_bytes(key)) > MAX_KEY_BYTES:
            return _s3_error(400, "KeyTooLongError")  # the emulator does not check it
        target = f"{path}?{query}" if query else path
        answer = self.call("s3", method, target, role_arn, headers, body)
        if answer.status == 404 and not self._may_list(bucket, role_arn):
            return _s3_error(403, "AccessDenied")
        return answer

    def _may_list(self, bucket: str, role_arn: str) -> bool:
        """Return whether the role may list the bucket; otherwise S3 hides a missing key as a 403.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        listing = f"/{bucket}?list-type=2&max-keys=0"
        return self.call("s3", "GET", listing, role_arn, {}, b"").status == 200

    def call(  # noqa: PLR0913, PLR0917 - the parts of an HTTP request
        self,
        service: str,
        method: str,
        path: str,
        role_arn: str,
        headers: dict[str, str],
        body: bytes,
    ) -> ServiceAnswer:
        """Send a service one signed HTTP request, and return the answer.

        Raises:
            GatewayError: INTEGRATION_FAILURE when it cannot be reached, INTEGRATION_TIMEOUT when it
                does not answer in time, API_CONFIGURATION_ERROR when the role cannot be assumed.
        """
        if service in self.faults.unreachable:
            raise GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint")
        is_s3 = service == "s3"
        endpoint = (is_s3 and self.s3_endpoint) or self.endpoint
        request = AWSRequest(method, f"{endpoint}{path}", data=body, headers=headers)
        signer = S3SigV4Auth if is_s3 else SigV4Auth
        try:
            signer(self._credentials(role_arn), service, self.region).add_auth(request)
            answer = self._client.request(
                method,
                endpoint,
                content=body,
                headers=dict(request.headers.items()),
                timeout=self.timeout_s,
                extensions={"target": path.encode()},  # as signed: httpx would resolve `..`
            )
        except httpx.TimeoutException as error:
            raise GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out") from error
        except httpx.TransportError as error:
            raise GatewayError(
                "INTEGRATION_FAILURE", "Network error communicating with endpoint"
            ) from error
        return ServiceAnswer(answer.status_code, dict(answer.headers), answer.content)

    def _credentials(self, role_arn: str) -> Credentials:
        try:
            return self.role_credentials(role_arn)
        except ClientError as error:
            raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error") from error


def _s3_error(status: int, code: str) -> ServiceAnswer:
    """Return an error in the form of S3.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
    """
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    return ServiceAnswer(status, {"content-type": "application/xml"}, body.encode())


def _without_dots(path: str) -> str:
    """Return the path resolved by RFC 3986 5.2.4, which keeps `//`."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


_THROTTLED = {
    "kinesis": "ProvisionedThroughputExceededException",
    "dynamodb": "ProvisionedThroughputExceededException",
}


def _refused(service: str, action: str, body: str) -> ServiceAnswer | None:
    """Return the service's refusal of a request that breaks its own model; None if it fits.

    The emulator checks less than AWS does, and the program's templates rely on the refusal.
    """
    try:
        body.encode()  # a lone surrogate is not UTF-8
        parameters: Any = json.loads(body)
    except (ValueError, RecursionError):
        return _json_error(400, "SerializationException", "")
    model = _service_model(service).operation_model(action)
    if found := validation_errors(model.input_shape, parameters):
        plural = "error" if len(found) == 1 else "errors"
        message = f"{len(found)} validation {plural} detected: {'; '.join(found)}"
        return _json_error(400, "ValidationException", message)
    return None


def _json_error(status: int, error_type: str, message: str) -> ServiceAnswer:
    body = json.dumps({"__type": error_type, "message": message}).encode()
    return ServiceAnswer(status, {"content-type": "application/x-amz-json-1.1"}, body)


def assume_role_credentials(
    assume: Callable[[str], dict[str, Any]], lifetime_s: float = 900
) -> RoleCredentials:
    """Return a function from a role's ARN to its credentials, which it caches for `lifetime_s`.

    `assume` returns the `Credentials` of STS AssumeRole, and raises if it refuses.
    """
    kept: dict[str, tuple[float, Credentials]] = {}
    lock = threading.Lock()

    def credentials(role_arn: str) -> Credentials:
        with lock:
            known = kept.get(role_arn)
            if known and known[0] > time.monotonic():
                return known[1]
            given = assume(role_arn)
            fresh = Credentials(
                given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
            )
            kept[role_arn] = (time.monotonic() + lifetime_s, fresh)
            return fresh

    return credentials


_URI = re.compile(
    r"arn:aws[a-z-]*:apigateway:(?P<region>[a-z0-9-]+):(?P<service>[a-z0-9-]+):(?P<kind>action|path)/(?P<rest>.+)"
)


def parse_uri(uri: str) -> tuple[str, str, str]:
    """Return (service, `action` or `path`, the rest) of an integration's URI.

    >>> parse_uri("arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord")
    ('kinesis', 'action', 'PutRecord')
    """
    match = _URI.fullmatch(uri)
    if not match:
        raise GatewayError("API_CONFIGURATION_ERROR", f"Invalid integration URI: {uri}")
    return match["service"], match["kind"], match["rest"]
