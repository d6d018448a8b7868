"""RestApi: one REST API, deployed from the contract and the integrations of its operations."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pulumi
from pulumi_aws import apigateway, cloudwatch

from components.api.allowed_origin import check_allowed_origin
from components.api.caller_limit import CallerLimit, CallerLimitArgs
from components.api.contract import Document
from components.api.finished_body import (
    MIN_COMPRESSION_BYTES,
    BodyArgs,
    check_security,
    digest,
    finished_body,
)
from components.api.integration import Integration
from components.api.media_types import binary_media_types
from components.api.operation_limit import OperationLimit, method_paths
from components.foundation.log_retention import check_log_retention

# Never the query string (it may hold a cursor), a header, or a claim: a log is no place for them.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
ACCESS_LOG_FIELDS = {
    "requestId": "$context.extendedRequestId",
    "requestTimeEpoch": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integration.latency",
    "error": "$context.error.responseType",
}
_ROLE = re.compile(r"arn:aws:iam::[0-9]{12}:role/[\w+=,.@/-]+")


@dataclass(frozen=True, kw_only=True)
class RestApiArgs:
    contract: Document
    """The parsed OpenAPI document: it names every operation and how each is authorised."""
    integrations: Mapping[str, pulumi.Input[Integration]]
    """By operationId: exactly those of the contract."""
    user_pool_arn: pulumi.Input[str] = ""
    """Cognito user pool whose ID tokens are accepted, if an operation asks for `userToken`."""
    user_pool_client_id: pulumi.Input[str] = ""
    """The only accepted audience."""
    stage_name: str = "v1"
    """Last part of the API's URL."""
    stage_variables: Mapping[str, pulumi.Input[str]] = field(
        default_factory=dict[str, pulumi.Input[str]]
    )
    """What the templates read as `$stageVariables`."""
    description: pulumi.Input[str] = ""
    """Stage description shown in the console."""
    allow_origin: str = "*"
    """The origin whose pages may call the API; `*` for any, which is safe as no cookie is used."""
    operators: tuple[pulumi.Input[str], ...] = ()
    """ARNs of roles that may call routes signed with SigV4 without an IAM policy for it."""
    throttle_rate: int
    """Requests a second that each operation takes, on average."""
    throttle_burst: int
    """Requests that each takes at once."""
    operation_limits: Mapping[str, OperationLimit] = field(
        default_factory=dict[str, OperationLimit]
    )
    """Per-operation throttle overrides, by operationId."""
    calls_per_minute_per_token: int = 0
    """Requests a minute with one token; 0 for no such limit. Any limit by caller needs WAF."""
    calls_per_minute_per_address: int = 0
    """Requests a minute from one address; 0 for no such limit."""
    open_prefix: str = ""
    """Start of the paths that pages of any origin call without a token; empty for none."""
    calls_per_minute_per_key: int = 0
    """Requests a minute with one key in the path, by all callers together; 0 for no such limit."""
    key_prefixes: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Starts of the paths that hold a key, by the name of their count."""
    access_log: bool = False
    """Write an access log. The account needs its API Gateway logging role, which no stack owns."""
    log_retention_days: int = 30
    """Days that CloudWatch keeps the access log."""

    def __post_init__(self) -> None:
        check_log_retention(self.log_retention_days)
        check_allowed_origin(self.allow_origin)
        has_pool = not isinstance(self.user_pool_arn, str) or self.user_pool_arn != ""
        check_security(self.contract, has_pool=has_pool)
        check_operators([one for one in self.operators if isinstance(one, str)])
        if self.throttle_rate < 1 or self.throttle_burst < 1:
            raise ValueError(
                "throttle_rate and throttle_burst must be at least 1, got "
                f"{self.throttle_rate} and {self.throttle_burst}"
            )
        if unknown := sorted(set(self.operation_limits) - set(method_paths(self.contract))):
            raise ValueError(
                f"operation_limits names what openapi.yaml does not: {', '.join(unknown)}"
            )


class RestApi(pulumi.ComponentResource):
    """The contract's API: its deployment, its stage, its limits and its access log."""

    url: pulumi.Output[str]
    """Of the stage, without a slash at its end."""
    body: pulumi.Output[str]
    """The OpenAPI document that was imported, as JSON."""
    name: pulumi.Output[str]
    """Its name in CloudWatch's dimensions."""
    stage_name: pulumi.Output[str]
    """The stage's own."""

    def __init__(
        self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:RestApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        body = pulumi.Output.all(
            integrations=dict(args.integrations),
            user_pool_arn=args.user_pool_arn,
            user_pool_client_id=args.user_pool_client_id,
            operators=list(args.operators),
        ).apply(lambda known: _body(args, known))
        self.body = body.apply(json.dumps)

        api = apigateway.RestApi(
            name,
            body=self.body,
            # They stand in the body too, but after the import the provider writes back what its
            # state holds for them: https://github.com/hashicorp/terraform-provider-aws/issues/38515
            # The policy stands in the body alone: as an argument it would differ at every preview.
            binary_media_types=list(binary_media_types(args.contract)),
            minimum_compression_size=str(MIN_COMPRESSION_BYTES),
            endpoint_configuration={"types": "REGIONAL"},
            put_rest_api_mode="overwrite",
            fail_on_warnings=True,
            opts=child,
        )
        deployment = apigateway.Deployment(
            name, rest_api=api.id, triggers={"body": body.apply(digest)}, opts=child
        )
        stage = apigateway.Stage(
            name,
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=args.stage_name,
            variables=dict(args.stage_variables),
            description=args.description or None,
            access_log_settings=self._access_log(name, args) if args.access_log else None,
            opts=child,
        )
        limited = self._limits(name, args, stage)
        by_caller = args.calls_per_minute_per_token or args.calls_per_minute_per_address
        if by_caller or args.calls_per_minute_per_key:
            CallerLimit(
                name,
                CallerLimitArgs(
                    # WAF changes the stage too: not while a limit is being set.
                    stage_arn=pulumi.Output.all(stage.arn, limited.id).apply(
                        lambda known: str(known[0])
                    ),
                    stage_name=args.stage_name,
                    per_token=args.calls_per_minute_per_token,
                    per_address=args.calls_per_minute_per_address,
                    open_prefix=args.open_prefix,
                    per_key=args.calls_per_minute_per_key,
                    key_prefixes=args.key_prefixes,
                    allow_origin=args.allow_origin,
                ),
                child,
            )
        self.name = api.name
        self.stage_name = stage.stage_name
        self.url = stage.invoke_url.apply(lambda url: url.rstrip("/"))
        self.register_outputs({"url": self.url, "body": self.body})

    def _limits(
        self, name: str, args: RestApiArgs, stage: apigateway.Stage
    ) -> apigateway.MethodSettings:
        """Return the last of the stage's limits."""
        paths = method_paths(args.contract)
        stage_limit = OperationLimit(args.throttle_rate, args.throttle_burst)
        limits = {name: ("*/*", stage_limit)} | {
            f"{name}-{operation}": (paths[operation], limit)
            for operation, limit in sorted(args.operation_limits.items())
        }
        # API Gateway refuses two changes of a stage at once: one after the other.
        before: list[apigateway.MethodSettings] = []
        for settings_name, (method_path, limit) in limits.items():
            settings = apigateway.MethodSettings(
                settings_name,
                rest_api=stage.rest_api,
                stage_name=stage.stage_name,
                method_path=method_path,
                settings={
                    "throttling_rate_limit": limit.rate,
                    "throttling_burst_limit": limit.burst,
                    "metrics_enabled": True,
                },
                opts=pulumi.ResourceOptions(parent=self, depends_on=before),
            )
            before = [settings]
        return before[0]

    def _access_log(
        self, name: str, args: RestApiArgs
    ) -> apigateway.StageAccessLogSettingsArgsDict:
        log = cloudwatch.LogGroup(
            f"{name}-access-log",
            retention_in_days=args.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return {"destination_arn": log.arn, "format": json.dumps(ACCESS_LOG_FIELDS)}


def check_operators(arns: Sequence[str]) -> None:
    """Check that each is the ARN of a role.

    Raises:
        ValueError: One is not: API Gateway would accept it, and let in whoever it names.
    """
    for arn in arns:
        if not _ROLE.fullmatch(arn):
            raise ValueError(f"operators must be ARNs of roles, got {arn!r}")


def _body(args: RestApiArgs, known: Mapping[str, object]) -> Document:
    integrations = cast("dict[str, Integration]", known["integrations"])
    operators = tuple(cast("list[str]", known["operators"]))
    check_operators(operators)
    return finished_body(
        args.contract,
        BodyArgs(
            integrations=integrations,
            user_pool_arn=str(known["user_pool_arn"]),
            user_pool_client_id=str(known["user_pool_client_id"]),
            stage_name=args.stage_name,
            allow_origin=args.allow_origin,
            operators=operators,
        ),
    )
