"""Observability: alarms, a dashboard and a budget for one stack, each only when asked for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pulumi
from pulumi_aws import budgets, cloudwatch, s3, sns

from components.watch.alarms import MINUTE_S, Alarm, AlarmSettings, Metric, Watched, alarms

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 6


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs:
    project: str
    """Part of the dashboard's name."""
    stack: str
    """Part of the dashboard's name; the budget counts resources with this tag `stack`."""
    region: str
    """AWS Region of all that is watched."""
    watched: Watched
    """Names of what is watched."""
    failed_prefix: str
    """Where Firehose puts what it could not place; its requests are counted."""
    settings: AlarmSettings
    """Of the same stack."""
    alarms: bool = False
    """Create alarms, a dashboard and the topic that they notify. $0.10 a month for each metric."""
    email: str = ""
    """Address to notify; empty for none. It must confirm the subscription first."""
    monthly_budget_usd: int = 0
    """Notify `email` at 80 % of it and when the forecast is over it; 0 for no budget."""

    def __post_init__(self) -> None:
        if self.email and not _ADDRESS.fullmatch(self.email):
            raise ValueError(f"email must be an address, or empty, got {self.email!r}")
        if self.monthly_budget_usd < 0:
            raise ValueError(f"monthly_budget_usd must be 0 or more, got {self.monthly_budget_usd}")
        if self.monthly_budget_usd and not self.email:
            raise ValueError("monthly_budget_usd needs an email: without one it tells nobody")


class Observability(pulumi.ComponentResource):
    """Notifies a topic when a stack needs attention; docs/operations.md says how to respond."""

    def __init__(
        self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:Observability", name, None, opts)
        if args.alarms:
            self._watch(name, args)
        if args.monthly_budget_usd:
            self._budget(name, args)
        self.register_outputs({})

    def _watch(self, name: str, args: ObservabilityArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        s3.BucketMetric(
            name,
            bucket=args.watched.bucket,
            name=args.watched.failed_filter,
            filter={"prefix": f"{args.failed_prefix}/"},
            opts=child,
        )
        topic = sns.Topic(name, opts=child)
        if args.email:
            sns.TopicSubscription(
                name,
                topic=topic.arn,
                protocol="email",
                endpoint=args.email,
                # SNS deletes it with the topic; sns:Unsubscribe has no resource-level permission.
                opts=pulumi.ResourceOptions(parent=self, deleted_with=topic),
            )
        for alarm in alarms(args.watched, args.settings):
            cloudwatch.MetricAlarm(
                f"{name}-{alarm.name}",
                alarm_description=f"{alarm.meaning} docs/operations.md, {alarm.name}.",
                comparison_operator=(
                    "LessThanThreshold" if alarm.is_under else "GreaterThanThreshold"
                ),
                threshold=alarm.threshold,
                evaluation_periods=alarm.minutes,
                datapoints_to_alarm=alarm.datapoints,
                # An idle stack has no values, and nothing is wrong with it.
                treat_missing_data="notBreaching",
                metric_queries=metric_queries(alarm),
                alarm_actions=[topic.arn],
                ok_actions=[topic.arn],
                opts=child,
            )
        names = {field.name: getattr(args.watched, field.name) for field in fields(Watched)}
        cloudwatch.Dashboard(
            name,
            # CloudWatch cannot tag a dashboard, and Pulumi does not name it.
            dashboard_name=dashboard_name(args.project, args.stack),
            dashboard_body=pulumi.Output.all(**names).apply(
                lambda known: dashboard_body(alarms(Watched(**known), args.settings), args.region)
            ),
            opts=child,
        )

    def _budget(self, name: str, args: ObservabilityArgs) -> None:
        budgets.Budget(
            name,
            budget_type="COST",
            limit_amount=str(args.monthly_budget_usd),
            limit_unit="USD",
            time_unit="MONTHLY",
            # Counts once `stack` is a cost allocation tag of the account: docs/operations.md.
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:stack${args.stack}"]}],
            notifications=[
                {
                    "comparison_operator": "GREATER_THAN",
                    "threshold": threshold,
                    "threshold_type": "PERCENTAGE",
                    "notification_type": kind,
                    "subscriber_email_addresses": [args.email],
                }
                for kind, threshold in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def dashboard_name(project: str, stack: str) -> str:
    """Return the name of a stack's dashboard; operations/leftovers.py parses it.

    >>> dashboard_name("rrweb-store", "pr-12")
    'rrweb-store-pr-12-watch-board'
    """
    return f"{project}-{stack}-watch-board"


def metric_queries(alarm: Alarm) -> list[cloudwatch.MetricAlarmMetricQueryArgsDict]:
    """Return the alarm's metrics. It watches the only one, or the metric math over several."""
    is_single = len(alarm.metrics) == 1
    queries: list[cloudwatch.MetricAlarmMetricQueryArgsDict] = [
        {
            "id": id_,
            "return_data": is_single,
            "metric": {
                "namespace": metric.namespace,
                "metric_name": metric.name,
                "dimensions": metric.dimensions,
                "stat": metric.statistic,
                "period": MINUTE_S,
            },
        }
        for id_, metric in alarm.metrics.items()
    ]
    if not is_single:
        queries.append(
            {
                "id": "rings",
                "expression": alarm.expression,
                "label": alarm.name,
                "return_data": True,
            }
        )
    return queries


def dashboard_body(watched_by: tuple[Alarm, ...], region: str) -> str:
    """Return a dashboard as JSON: a graph for each alarm, with its threshold.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    return json.dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "x": _WIDTH * (place % _COLUMNS),
                    "y": _HEIGHT * (place // _COLUMNS),
                    "width": _WIDTH,
                    "height": _HEIGHT,
                    "properties": _graph(alarm, region),
                }
                for place, alarm in enumerate(watched_by)
            ]
        }
    )


def _graph(alarm: Alarm, region: str) -> dict[str, Any]:
    is_single = len(alarm.metrics) == 1
    series: list[list[Any]] = [
        _series(id_, metric, is_shown=is_single) for id_, metric in alarm.metrics.items()
    ]
    if not is_single:
        series.append([{"id": "rings", "expression": alarm.expression, "label": alarm.name}])
    return {
        "title": alarm.name,
        "region": region,
        "view": "timeSeries",
        "period": MINUTE_S,
        "metrics": series,
        "annotations": {"horizontal": [{"label": "rings", "value": alarm.threshold}]},
    }


def _series(id_: str, metric: Metric, *, is_shown: bool) -> list[Any]:
    dimensions: Mapping[str, Any] = metric.dimensions
    named = [text for pair in dimensions.items() for text in pair]
    options = {"id": id_, "stat": metric.statistic, "visible": is_shown}
    return [metric.namespace, metric.name, *named, options]
