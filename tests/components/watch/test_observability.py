"""What is made to watch a stack."""

import json
from dataclasses import replace

import pulumi
import pytest

from components.watch.alarms import Watched, alarms
from components.watch.observability import Observability, ObservabilityArgs
from tests.components.watch.given import SETTINGS, WATCHED
from tests.engine import SUFFIX, Engine, arn, deploy

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC_ARN = arn("sns", f"watch{SUFFIX}")


def watched(stream: pulumi.Input[str] = "events-1") -> Watched:
    return replace(WATCHED, stream=stream)


def deployed(*, on: bool = True, email: str = "", budget: int = 0) -> Engine:
    def build() -> None:
        Observability(
            "watch",
            ObservabilityArgs(
                project="rrweb-store",
                stack="dev",
                region="eu-west-1",
                watched=watched(pulumi.Output.from_input("events-1")),
                failed_prefix="rrweb/failed",
                settings=SETTINGS,
                alarms=on,
                email=email,
                monthly_budget_usd=budget,
            ),
        )

    return deploy(build)


def test_unasked_nothing_is_made() -> None:
    assert [one for one in deployed(on=False).resources if one.custom] == []


def test_every_alarm_is_made_and_rings_the_topic() -> None:
    made = deployed().of_type(ALARM)

    known = alarms(watched(), SETTINGS)
    assert set(made) == {f"watch-{alarm.name}" for alarm in known}
    assert {json.dumps(one["alarmActions"]) for one in made.values()} == {json.dumps([TOPIC_ARN])}
    assert {one["treatMissingData"] for one in made.values()} == {"notBreaching"}


def test_an_alarm_on_one_metric_watches_it_as_it_is() -> None:
    assert deployed().inputs(ALARM, "watch-stream-behind") == {
        "alarmDescription": (
            "Readers of the stream are minutes behind: after a day, batches expire unread. "
            "docs/operations.md, stream-behind."
        ),
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 600_000,
        "evaluationPeriods": 5,
        "datapointsToAlarm": 5,
        "treatMissingData": "notBreaching",
        "metricQueries": [
            {
                "id": "value",
                "returnData": True,
                "metric": {
                    "namespace": "AWS/Kinesis",
                    "metricName": "GetRecords.IteratorAgeMilliseconds",
                    "dimensions": {"StreamName": "events-1"},
                    "stat": "Maximum",
                    "period": 60,
                },
            }
        ],
        "alarmActions": [TOPIC_ARN],
        "okActions": [TOPIC_ARN],
    }


def test_an_alarm_on_several_rings_by_their_arithmetic_alone() -> None:
    queries = deployed().inputs(ALARM, "watch-api-failing")["metricQueries"]

    assert {query["id"]: query["returnData"] for query in queries} == {
        "faults": False,
        "calls": False,
        "rings": True,
    }
    assert queries[-1]["expression"] == "100 * faults / calls"


def test_too_little_rings_too() -> None:
    operator = deployed().inputs(ALARM, "watch-delivery-failing")["comparisonOperator"]

    assert operator == "LessThanThreshold"


def test_what_firehose_could_not_place_is_counted_by_its_prefix() -> None:
    assert deployed().inputs("aws:s3/bucketMetric:BucketMetric", "watch") == {
        "bucket": "recordings-2",
        "name": "failed",
        "filter": {"prefix": "rrweb/failed/"},
    }


def test_the_dashboard_has_a_graph_for_each_alarm_side_by_side() -> None:
    engine = deployed()

    board = engine.inputs("aws:cloudwatch/dashboard:Dashboard", "watch")
    widgets = json.loads(board["dashboardBody"])["widgets"]
    assert board["dashboardName"] == "rrweb-store-dev-watch-board"
    assert {f"watch-{widget['properties']['title']}" for widget in widgets} == set(
        engine.of_type(ALARM)
    )
    places = {(widget["x"], widget["y"]) for widget in widgets}
    assert len(places) == len(widgets)
    assert max(widget["x"] + widget["width"] for widget in widgets) == 24
    assert widgets[0]["properties"]["metrics"] == [
        [
            "AWS/Firehose",
            "DeliveryToS3.DataFreshness",
            "DeliveryStreamName",
            "events-2",
            {"id": "value", "stat": "Maximum", "visible": True},
        ]
    ]


def test_who_is_to_be_told_is_subscribed() -> None:
    subscription = "aws:sns/topicSubscription:TopicSubscription"

    assert deployed().of_type(subscription) == {}
    assert deployed(email="ops@example.com").inputs(subscription, "watch") == {
        "topic": TOPIC_ARN,
        "protocol": "email",
        "endpoint": "ops@example.com",
    }


def test_a_budget_counts_what_this_stack_costs() -> None:
    budget = deployed(email="ops@example.com", budget=20).inputs(
        "aws:budgets/budget:Budget", "watch"
    )

    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"]) == (
        "20",
        "USD",
        "MONTHLY",
    )
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:stack$dev"]}]
    assert [
        (one["notificationType"], one["threshold"], one["subscriberEmailAddresses"])
        for one in budget["notifications"]
    ] == [("ACTUAL", 80, ["ops@example.com"]), ("FORECASTED", 100, ["ops@example.com"])]


@pytest.mark.parametrize(
    ("email", "budget", "message"),
    [("nobody", 0, "must be an address"), ("", 5, "tells nobody"), ("a@b.c", -1, "0 or more")],
)
def test_what_would_tell_nobody_is_refused(email: str, budget: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        deployed(email=email, budget=budget)
