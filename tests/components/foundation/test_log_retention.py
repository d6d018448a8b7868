"""The days that CloudWatch Logs can keep a line, as the AWS SDK's own model describes them."""

import re
from typing import Any, cast

import boto3
import pytest

from components.foundation.log_retention import LOG_RETENTION_DAYS, check_log_retention


def test_they_are_those_of_aws() -> None:
    client: Any = cast("Any", boto3).client("logs", region_name="eu-west-1")
    described: str = client.meta.service_model.shape_for("Days").documentation

    listed = re.findall(r"\b\d+\b", described.partition("Possible values are:")[2])
    assert tuple(map(int, listed[: len(LOG_RETENTION_DAYS)])) == LOG_RETENTION_DAYS


@pytest.mark.parametrize("days", [0, 2, 15, 364, 4000])
def test_another_number_is_refused_with_those_that_there_are(days: int) -> None:
    with pytest.raises(ValueError, match=f"one of 1, 3, 5, .*3653, got {days}"):
        check_log_retention(days)
