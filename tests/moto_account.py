"""An AWS account of moto's, for tests of what calls AWS by boto3."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, cast

import boto3
from moto import mock_aws

REGION = "eu-west-1"


def moto_account() -> AbstractContextManager[object]:
    """Return a context in which boto3 calls an account that starts empty.

    moto would also forget boto3's default session, and with it the descriptions of the services:
    to read those again takes longer than most tests.
    """
    return mock_aws(config={"core": {"reset_boto3_session": False}})


@cache
def session() -> Any:  # boto3 has no types of its own
    """Return a session of the account, which has read the descriptions of the services once."""
    return cast("Any", boto3).Session("testing", "testing", region_name=REGION)


@cache
def client(service: str) -> Any:
    """Return the session's one client of a service, which tests share and do not change."""
    return session().client(service)
