"""The alarms of a stack: metrics, metric math and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

MINUTE_S = 60


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Names of the watched resources, for CloudWatch's dimensions."""

    api: pulumi.Input[str]
    """Name of the REST API: its id is no dimension."""
    stage: pulumi.Input[str]
    stream: pulumi.Input[str]
    delivery_stream: pulumi.Input[str]
    function: pulumi.Input[str]
    table: pulumi.Input[str]
    erasure: pulumi.Input[str]
    """ARN of the state machine that erases recordings."""
    keeping: pulumi.Input[str]
    """ARN of the state machine that keeps recordings."""
    bucket: pulumi.Input[str]
    failed_filter: pulumi.Input[str]
    """Name of the bucket's metrics filter for the error prefix."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One series of CloudWatch, a value a minute."""

    namespace: str
    name: str
    statistic: str
    """`Sum`, `Maximum`, `Average`, or a percentile such as `p99`."""
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Fires when `datapoints` of the last `minutes` values are over, or under, the threshold."""

    name: str
    meaning: str
    """What has happened, for the person on call; docs/operations.md says how to respond."""
    metrics: Mapping[str, Metric]
    """By its name in the expression."""
    expression: str
    """Metric math over `metrics`, all of which are published in the same minutes or none of them.

    FILL does not help: AWS does not document its result for a metric without any value.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    """
    threshold: float
    minutes: int
    datapoints: int
    is_under: bool = False
    """Whether the alarm fires below the threshold instead of above it."""


@dataclass(frozen=True, kw_only=True)
class AlarmSettings:
    """Settings of the stack that thresholds depend on."""

    buffer_seconds: int
    """How long Firehose buffers a recording's batches."""
    function_timeout_s: int
    """Timeout of the function that reads recordings back."""


def alarms(watched: Watched, settings: AlarmSettings) -> tuple[Alarm, ...]:
    """Return every alarm of a stack. Each is for a condition that an operator can fix."""
    firehose = {"DeliveryStreamName": watched.delivery_stream}
    stream = {"StreamName": watched.stream}
    function = {"FunctionName": watched.function}
    stage = {"ApiName": watched.api, "Stage": watched.stage}
    table = {"TableName": watched.table}
    erasure = {"StateMachineArn": watched.erasure}
    keeping = {"StateMachineArn": watched.keeping}
    failed = {"BucketName": watched.bucket, "FilterId": watched.failed_filter}
    return (
        _single(
            "delivery-late",
            "Firehose holds batches far longer than its buffer: they are readable from the stream "
            "only, and lost to readers when they leave it after a day.",
            Metric(
                namespace="AWS/Firehose",
                name="DeliveryToS3.DataFreshness",
                statistic="Maximum",
                dimensions=firehose,
            ),
            # 1.5 buffers are normal: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
            threshold=3 * settings.buffer_seconds + 120,
            minutes=10,
            datapoints=5,
        ),
        _single(
            "delivery-failing",
            "S3 refuses what Firehose writes.",
            Metric(
                namespace="AWS/Firehose",
                name="DeliveryToS3.Success",
                statistic="Average",
                dimensions=firehose,
            ),
            threshold=1,
            minutes=5,
            datapoints=3,
            is_under=True,
        ),
        _single(
            "batches-failed",
            "Firehose put batches under the error prefix, where no reader finds them.",
            Metric(namespace="AWS/S3", name="PutRequests", statistic="Sum", dimensions=failed),
            threshold=0,
            minutes=1,
            datapoints=1,
        ),
        _single(
            "partitions-exceeded",
            "More recordings are active at once than Firehose has partitions for.",
            Metric(
                namespace="AWS/Firehose",
                name="PartitionCountExceeded",
                statistic="Maximum",
                dimensions=firehose,
            ),
            threshold=0,
            minutes=1,
            datapoints=1,
        ),
        _single(
            "stream-write-throttled",
            "The stream is at its limit: recorders get 429 and send again later.",
            Metric(
                namespace="AWS/Kinesis",
                name="WriteProvisionedThroughputExceeded",
                statistic="Sum",
                dimensions=stream,
            ),
            threshold=0,
            minutes=5,
            datapoints=3,
        ),
        _single(
            "stream-read-throttled",
            "Viewers and Firehose read more than the shards allow: live replays fall behind.",
            Metric(
                namespace="AWS/Kinesis",
                name="ReadProvisionedThroughputExceeded",
                statistic="Sum",
                dimensions=stream,
            ),
            threshold=0,
            minutes=15,
            datapoints=10,
        ),
        _single(
            "stream-behind",
            "Readers of the stream are minutes behind: after a day, batches expire unread.",
            Metric(
                namespace="AWS/Kinesis",
                name="GetRecords.IteratorAgeMilliseconds",
                statistic="Maximum",
                dimensions=stream,
            ),
            threshold=10 * MINUTE_S * 1000,
            minutes=5,
            datapoints=5,
        ),
        Alarm(
            name="reading-failing",
            meaning="The function that reads recordings back fails: some replays do not load.",
            metrics={
                "errors": _sum("AWS/Lambda", "Errors", function),
                "calls": _sum("AWS/Lambda", "Invocations", function),
            },
            expression="100 * errors / calls",
            threshold=5,
            minutes=5,
            datapoints=3,
        ),
        # Apart from the alarm above: a throttled call is neither an invocation nor an error.
        _single(
            "reading-throttled",
            "Lambda throttles the function: replays do not load.",
            _sum("AWS/Lambda", "Throttles", function),
            threshold=0,
            minutes=5,
            datapoints=3,
        ),
        _single(
            "reading-slow",
            "Reading a page of a recording takes nearly as long as its timeout.",
            Metric(namespace="AWS/Lambda", name="Duration", statistic="p99", dimensions=function),
            threshold=800 * settings.function_timeout_s,  # 80 % of it, in milliseconds
            minutes=15,
            datapoints=3,
        ),
        Alarm(
            name="api-failing",
            meaning="The API answers 5XX: by the contract, always our fault.",
            metrics={
                "faults": _sum("AWS/ApiGateway", "5XXError", stage),
                "calls": _sum("AWS/ApiGateway", "Count", stage),
            },
            # No minimum number of calls: a stack with ten a minute may fail with all of them.
            expression="100 * faults / calls",
            threshold=1,
            minutes=5,
            datapoints=3,
        ),
        _single(
            "api-slow",
            "The services behind the API are slow to answer.",
            Metric(
                namespace="AWS/ApiGateway",
                name="IntegrationLatency",
                statistic="p95",
                dimensions=stage,
            ),
            threshold=5000,
            minutes=15,
            datapoints=10,
        ),
        # Two alarms: each metric is published only when it happens, and a missing one has no sum.
        _single(
            "table-read-throttled",
            "DynamoDB throttles reads: recordings cannot be listed or opened.",
            _sum("AWS/DynamoDB", "ReadThrottleEvents", table),
            threshold=0,
            minutes=5,
            datapoints=3,
        ),
        _single(
            "table-write-throttled",
            "DynamoDB throttles writes: recordings cannot be created.",
            _sum("AWS/DynamoDB", "WriteThrottleEvents", table),
            threshold=0,
            minutes=5,
            datapoints=3,
        ),
        _single(
            "erasure-failed",
            "A recording that was to be erased is hidden from readers, but not yet removed.",
            _sum("AWS/States", "ExecutionsFailed", erasure),
            threshold=0,
            minutes=1,
            datapoints=1,
        ),
        _single(
            "keeping-failed",
            "A recording that was to be kept is not, or the end of a keeping left copies.",
            _sum("AWS/States", "ExecutionsFailed", keeping),
            threshold=0,
            minutes=1,
            datapoints=1,
        ),
    )


def _sum(namespace: str, name: str, dimensions: Mapping[str, pulumi.Input[str]]) -> Metric:
    return Metric(namespace=namespace, name=name, statistic="Sum", dimensions=dimensions)


def _single(  # noqa: PLR0913 - an alarm's fields
    name: str,
    meaning: str,
    metric: Metric,
    *,
    threshold: float,
    minutes: int,
    datapoints: int,
    is_under: bool = False,
) -> Alarm:
    """Return an alarm on the metric as it is."""
    return Alarm(
        name=name,
        meaning=meaning,
        metrics={"value": metric},
        expression="value",
        threshold=threshold,
        minutes=minutes,
        datapoints=datapoints,
        is_under=is_under,
    )
