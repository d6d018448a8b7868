"""Metrics that exist, as AWS's pages list them, and CloudWatch's arithmetic: no test in here."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from components.watch.alarms import Alarm

API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html"
DYNAMODB = (
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html"
)
FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"
KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
STATES = "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"
S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html"

# (namespace, metric) -> the dimensions under which it is published, and the page that says so.
METRICS: dict[tuple[str, str], tuple[frozenset[str], str]] = {
    **{
        ("AWS/ApiGateway", name): (frozenset({"ApiName", "Stage"}), API)
        for name in ("4XXError", "5XXError", "Count", "IntegrationLatency", "Latency")
    },
    **{
        ("AWS/DynamoDB", name): (frozenset({"TableName"}), DYNAMODB)
        for name in ("ReadThrottleEvents", "WriteThrottleEvents")
    },
    **{
        ("AWS/Firehose", name): (frozenset({"DeliveryStreamName"}), FIREHOSE)
        for name in (
            "DeliveryToS3.DataFreshness",
            "DeliveryToS3.Success",
            "PartitionCount",
            "PartitionCountExceeded",
        )
    },
    **{
        ("AWS/Kinesis", name): (frozenset({"StreamName"}), KINESIS)
        for name in (
            "GetRecords.IteratorAgeMilliseconds",
            "ReadProvisionedThroughputExceeded",
            "WriteProvisionedThroughputExceeded",
        )
    },
    **{
        ("AWS/Lambda", name): (frozenset({"FunctionName"}), LAMBDA)
        for name in ("Duration", "Errors", "Invocations", "Throttles")
    },
    ("AWS/States", "ExecutionsFailed"): (frozenset({"StateMachineArn"}), STATES),
    ("AWS/S3", "PutRequests"): (frozenset({"BucketName", "FilterId"}), S3),
}

Series = Sequence[float | None]
"""A value a minute, None where there is none."""
_Value = float | None

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float | None]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right if right else None,
}


def evaluated(expression: str, values: Mapping[str, _Value]) -> _Value:
    """Return what metric math makes of one minute: of a missing value, or x/0, nothing.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    """
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, _Value]) -> _Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=operator, right=right):
            sides = _value(left, values), _value(right, values)
            if None in sides:
                return None
            return _ARITHMETIC[type(operator)](*cast("tuple[float, float]", sides))
        case _:
            raise ValueError(f"no metric math that is known here: {ast.unparse(node)}")


def rings(alarm: Alarm, series: Mapping[str, Series]) -> bool:
    """Return whether the alarm rings at the last of these minutes; missing values breach nothing.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
    """
    assert set(series) == set(alarm.metrics)
    minutes = list(zip(*series.values(), strict=True))[-alarm.minutes :]
    results = [
        evaluated(alarm.expression, dict(zip(series, minute, strict=True))) for minute in minutes
    ]
    breaching = [
        result < alarm.threshold if alarm.is_under else result > alarm.threshold
        for result in results
        if result is not None
    ]
    return sum(breaching) >= alarm.datapoints
