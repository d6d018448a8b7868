"""UserKey."""

import re

import pytest

from components.api.object_key import UserKey

KEY = UserKey(prefix="rrweb/recordings", name="sessionId={recordingId}/large/{sequence}")


def test_the_user_stands_before_what_a_client_chose() -> None:
    assert KEY.template == (
        "rrweb/recordings/userId={userId}/sessionId={recordingId}/large/{sequence}"
    )
    assert KEY.pattern == "rrweb/recordings/userId=*/sessionId=*/large/*"


def test_the_user_is_the_tokens_and_the_rest_the_paths() -> None:
    assert KEY.mapping == {
        "integration.request.path.userId": "context.authorizer.claims.sub",
        "integration.request.path.recordingId": "method.request.path.recordingId",
        "integration.request.path.sequence": "method.request.path.sequence",
    }


@pytest.mark.parametrize("prefix", ["", "a/", "a*", "a{b}", "a b"])
def test_a_prefix_that_is_not_plain_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match=f"prefix must be plain.*{re.escape(repr(prefix))}"):
        UserKey(prefix=prefix, name="{id}")


@pytest.mark.parametrize("name", ["*", "{userId}", "{a b}", "a?", "{"])
def test_a_name_that_is_not_plain_or_names_the_user_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name must be plain"):
        UserKey(prefix="a", name=name)
