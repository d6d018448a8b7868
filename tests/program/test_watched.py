"""What is watched: metrics that exist, of resources of the stack."""

from tests.components.cloudwatch import METRICS
from tests.engine import SUFFIX, deploy_program

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def test_prod_is_watched_and_dev_is_not() -> None:
    watching = {ALARM, "aws:cloudwatch/dashboard:Dashboard", "aws:sns/topic:Topic"}

    assert watching <= {one.type for one in deploy_program("prod").resources}
    assert watching.isdisjoint({one.type for one in deploy_program("dev").resources})


def test_every_alarm_is_about_a_metric_that_exists_of_a_resource_of_the_stack() -> None:
    prod = deploy_program("prod")
    machines = prod.inputs("aws:apigateway/stage:Stage", "api")["variables"]
    names = {
        "ApiName": f"api{SUFFIX}",
        "Stage": "v1",
        "StreamName": f"events{SUFFIX}",
        "DeliveryStreamName": f"events{SUFFIX}",
        "FunctionName": f"read-events{SUFFIX}",
        "TableName": f"recordings-by-owner{SUFFIX}",
        "BucketName": f"recordings{SUFFIX}",
        "StateMachineArn": machines["erasureMachine"],
        "FilterId": prod.inputs("aws:s3/bucketMetric:BucketMetric", "watch")["name"],
    }

    metrics = [
        query["metric"]
        for alarm in prod.of_type(ALARM).values()
        for query in alarm["metricQueries"]
        if "metric" in query
    ]

    assert len(metrics) > 12
    assert [set(one["dimensions"]) for one in metrics] == [
        METRICS[one["namespace"], one["metricName"]][0] for one in metrics
    ]
    assert {item for one in metrics for item in one["dimensions"].items()} == {
        *names.items(),
        ("StateMachineArn", machines["keepingMachine"]),
    }
