"""The stack that the tests of alarms watch."""

from components.watch.alarms import AlarmSettings, Watched

WATCHED = Watched(
    api="api-1",
    stage="v1",
    stream="events-1",
    delivery_stream="events-2",
    function="read-1",
    table="recordings-1",
    erasure="arn:aws:states:eu-west-1:123456789012:stateMachine:erasure-1",
    keeping="arn:aws:states:eu-west-1:123456789012:stateMachine:keeping-1",
    bucket="recordings-2",
    failed_filter="failed",
)
SETTINGS = AlarmSettings(buffer_seconds=60, function_timeout_s=28)
