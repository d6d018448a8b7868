"""CloudWatch and CloudWatch Logs, which Pulumi has in one module."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall, has
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Emulated, Ignored, Made, Requested
from resource_types.resource_type import ResourceType

_TAGGING = "ListTagsForResource TagResource UntagResource"
_LOG_GROUP = "arn:aws:logs:{region}:{account}:log-group:"


def _create_log_group(logs: Any, requested: Requested) -> Made:
    group = requested.physical_name
    tags = {"tags": dict(requested.tags)} if requested.tags else {}
    logs.create_log_group(logGroupName=group, **tags)
    logs.put_retention_policy(
        logGroupName=group, retentionInDays=requested.inputs["retentionInDays"]
    )
    return group, {**requested.inputs, "name": group, "arn": requested.arn()}


def _delete_log_group(logs: Any, id_: str, _: Mapping[str, Any]) -> None:
    logs.delete_log_group(logGroupName=id_)


def _create_log_stream(logs: Any, requested: Requested) -> Made:
    stream = requested.physical_name
    logs.create_log_stream(logGroupName=requested.inputs["logGroupName"], logStreamName=stream)
    return stream, {**requested.inputs, "name": stream, "arn": requested.arn()}


LOG_GROUP = ResourceType(
    type="aws:cloudwatch/logGroup:LogGroup",
    arn=f"{_LOG_GROUP}{{name}}",
    names=("api-access-log", "events", "read-events"),
    found_by="tags",
    sandbox=Emulated(service="logs", create=_create_log_group, delete=_delete_log_group),
    create_calls=(
        CreateCall("CreateLogGroup"),
        CreateCall("PutRetentionPolicy", has("retentionInDays")),
    ),
    policy="logs",
    grants=(
        Grant(
            actions=actions(
                "logs",
                "CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy "
                f"{_TAGGING}",
            )
        ),
        Grant(actions=("logs:DescribeLogGroups",), on=("*",), policy="watch"),
    ),
    # The pattern of a group also matches its streams, whose ARNs start with its own.
    boundary=(
        Grant(actions=("logs:PutLogEvents",), on=(f"{_LOG_GROUP}<events>",)),
        Grant(
            actions=actions("logs", "CreateLogStream PutLogEvents"),
            on=(f"{_LOG_GROUP}<read-events>",),
        ),
    ),
)
LOG_STREAM = ResourceType(
    type="aws:cloudwatch/logStream:LogStream",
    arn=f"{_LOG_GROUP}{{logGroupName}}:log-stream:{{name}}",
    found_by="container",
    inside=LOG_GROUP.type,
    sandbox=Emulated(service="logs", create=_create_log_stream),
    create_calls=(CreateCall("CreateLogStream"),),
    policy="logs",
    grants=(
        Grant(
            actions=actions("logs", "CreateLogStream DeleteLogStream DescribeLogStreams"),
            on=LOG_GROUP.scope,
        ),
    ),
)
METRIC_ALARM = ResourceType(
    type="aws:cloudwatch/metricAlarm:MetricAlarm",
    arn="arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    names=("watch",),
    found_by="tags",
    sandbox=Ignored("the sandbox has no metrics"),
    create_calls=(CreateCall("PutMetricAlarm"),),
    policy="watch",
    grants=(
        Grant(
            actions=actions("cloudwatch", f"DeleteAlarms DescribeAlarms PutMetricAlarm {_TAGGING}")
        ),
    ),
)
DASHBOARD = ResourceType(
    type="aws:cloudwatch/dashboard:Dashboard",
    arn="arn:aws:cloudwatch::{account}:dashboard/{name}",
    names=("watch",),
    name_input="dashboardName",
    found_by="label",
    sandbox=Ignored("the sandbox has no metrics"),
    create_calls=(CreateCall("PutDashboard"),),
    policy="watch",
    grants=(
        Grant(actions=actions("cloudwatch", "DeleteDashboards GetDashboard PutDashboard")),
        Grant(actions=("cloudwatch:ListDashboards",), on=("*",)),
    ),
)
ROWS = (LOG_GROUP, LOG_STREAM, METRIC_ALARM, DASHBOARD)
