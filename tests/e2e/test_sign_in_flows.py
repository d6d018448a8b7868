"""Which ways to sign in a browser has besides the managed login: none that it does not use."""

import os
from typing import Any, cast

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

FLOWS = {
    "USER_PASSWORD_AUTH": {"USERNAME": "nobody@example.com", "PASSWORD": "no-such-password"},
    "CUSTOM_AUTH": {"USERNAME": "nobody@example.com"},
}


@pytest.fixture
def cognito(stack: Stack, request: pytest.FixtureRequest) -> Any:
    """Return Cognito as a browser reaches it, without credentials."""
    here = None
    if "STACK" not in os.environ:
        here = request.getfixturevalue("sandbox").cloud.endpoint
    return cast("Any", boto3).client(
        "cognito-idp",
        region_name=stack.exports["region"],
        endpoint_url=here,
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_that_the_site_does_not_use_is_refused_as_such(
    cognito: Any, stack: Stack, flow: str
) -> None:
    with pytest.raises(ClientError) as refusal:
        cognito.initiate_auth(
            ClientId=stack.exports["userPoolClientId"], AuthFlow=flow, AuthParameters=FLOWS[flow]
        )

    error = cast("Any", refusal.value).response["Error"]
    assert error["Code"] in {"InvalidParameterException", "NotAuthorizedException"}
    assert "not enabled" in error["Message"]
