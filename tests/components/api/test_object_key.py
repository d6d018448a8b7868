"""The keys of objects: UserKey and ListedKey."""

import re

import pytest

from components.api.object_key import ListedKey, UserKey

KEY = UserKey(prefix="rrweb/recordings", name="sessionId={recordingId}/large/{sequence}")


def test_the_user_stands_before_what_a_client_chose() -> None:
    assert KEY.template == (
        "rrweb/recordings/userId={userId}/sessionId={recordingId}/large/{sequence}"
    )
    assert KEY.patterns == ("rrweb/recordings/userId=*/sessionId=*/large/*",)


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


def listed(*values: str) -> ListedKey:
    return ListedKey(
        prefix="rrweb/recordings",
        parameter="key",
        named="siteKey",
        values=values,
        name="sessionId={recordingId}/batch/{sequence}",
        lengths={"sequence": 3},
    )


def test_a_role_may_touch_the_listed_values_alone_and_names_of_the_length() -> None:
    key = listed("wk_a", "wk_b")

    assert key.template == (
        "rrweb/recordings/siteKey={key}/sessionId={recordingId}/batch/{sequence}"
    )
    assert key.patterns == (
        "rrweb/recordings/siteKey=wk_a/sessionId=*/batch/???",
        "rrweb/recordings/siteKey=wk_b/sessionId=*/batch/???",
    )
    assert key.refusals == ("403",)


def test_the_listed_value_is_the_paths() -> None:
    assert listed("wk_a").mapping == {
        "integration.request.path.key": "method.request.path.key",
        "integration.request.path.recordingId": "method.request.path.recordingId",
        "integration.request.path.sequence": "method.request.path.sequence",
    }


def test_without_a_value_a_role_may_touch_nothing_that_a_route_can_name() -> None:
    assert listed().patterns == ("rrweb/recordings/siteKey=",)


@pytest.mark.parametrize("value", ["", "*", "a?", "a/b", "${aws:username}", "a b", "é"])
def test_a_value_that_a_policy_could_read_as_a_pattern_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="values must be of A-Z"):
        listed("wk_a", value)
