"""body_text.vtl with update_item.vtl: what the facts of a visitor, or of a user, become."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.access.sites import Site
from components.api.dynamo_action import DYNAMODB
from components.api.service_action import ActionTemplates, problem_template
from components.store.recording_fields import recording_fields
from components.store.recording_filters import TROUBLES
from components.store.recording_templates import TEXT_PLAIN, put_facts, put_site_facts
from tests.contract import CONTRACT
from tests.vtl import (
    BAD_RECORDING_IDS,
    EXTENDED_REQUEST_ID,
    HOSTILE,
    LONE_SURROGATES,
    OWNER,
    RECORDING_ID,
    Rendered,
    problem,
    rendered,
)

NUMBERS = recording_fields(CONTRACT, "RecordingFacts").integers
KEY = f"wk_{'a' * 24}"
NOW_S = 1_700_000_000


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One of the operations that store facts."""

    templates: ActionTemplates
    media_type: str
    owner: str
    is_base64: bool
    """Whether the gateway took the body for bytes."""

    def asked(self, body: str, recording_id: str = RECORDING_ID) -> Any:
        """Return what the template makes of a body."""
        given = base64.b64encode(body.encode()).decode() if self.is_base64 else body
        return rendered(
            self.templates.request[self.media_type],
            given,
            path={"key": KEY, "recordingId": recording_id},
            query={"owner": "site#blog", "key": "x"},
        ).json

    def update(
        self, *, numbers: tuple[str, ...] = (), is_troubled: bool = False, **values: object
    ) -> dict[str, object]:
        """Return the request that sets attributes of an item that is there."""
        troubled = ", ownerTroubled = :owner" if is_troubled else ""
        grown = "".join(
            f" AND (attribute_not_exists(#{name}) OR #{name} <= :{name})" for name in numbers
        )
        return {
            "TableName": "a-table",
            "Key": {"owner": {"S": self.owner}, "recordingId": {"S": RECORDING_ID}},
            "ConditionExpression": "attribute_exists(recordingId) AND expiresAt > :now AND "
            f"attribute_not_exists(erasureId){grown}",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            "UpdateExpression": (
                f"SET {', '.join(f'#{name} = :{name}' for name in values)}{troubled}"
            ),
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": {
                **{f":{name}": value for name, value in values.items()},
                **({":owner": {"S": self.owner}} if is_troubled else {}),
                ":now": {"N": f"{NOW_S}"},
            },
        }

    def answer(self, **error: object) -> Rendered:
        """Return the answer to an error of DynamoDB."""
        return rendered(problem_template(DYNAMODB, self.templates), json.dumps(error))


SITE = put_site_facts(CONTRACT, [Site(id="shop", keys=(KEY,))])
OF_USER = Facts(
    templates=put_facts(CONTRACT), media_type="application/json", owner=OWNER, is_base64=False
)
EACH = pytest.mark.parametrize(
    "operation",
    [
        OF_USER,
        *(
            Facts(templates=SITE, media_type="text/plain", owner="site#shop", is_base64=is_base64)
            for is_base64 in (True, False)
        ),
    ],
    ids=["user", "site-bytes", "site-text"],
)


def refused(cause: str) -> dict[str, object]:
    return {"TableName": "a-table", "ReturnConsumedCapacity": cause}


def test_each_type_of_a_body_has_the_template() -> None:
    assert set(OF_USER.templates.request) == {"application/json"}
    assert set(SITE.request) == set(TEXT_PLAIN)
    assert len({*SITE.request.values()}) == 1


@EACH
def test_each_fact_takes_the_place_of_its_value_before(operation: Facts) -> None:
    facts = {
        "durationMs": 5,
        "errors": 0,
        "user": 'o\'brien "x"',
        "pages": ["https://a.example/", "https://a.example/b'c"],
        "tags": ["plan:pro", "plan:pro", "a:b"],
        "events": ["signed up"],
    }

    assert operation.asked(json.dumps(facts)) == operation.update(
        numbers=("durationMs", "errors"),
        durationMs={"N": "5"},
        errors={"N": "0"},
        user={"S": 'o\'brien "x"'},
        pages={"S": "https://a.example/ https://a.example/b'c"},
        tags={"SS": ["plan:pro", "a:b"]},
        events={"SS": ["signed up"]},
    )


@EACH
def test_every_number_may_only_grow(operation: Facts) -> None:
    asked = operation.asked(json.dumps(dict.fromkeys(NUMBERS, 0)))

    expected = operation.update(
        numbers=NUMBERS, is_troubled=False, **{name: {"N": "0"} for name in NUMBERS}
    )
    assert asked == expected
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
    assert len(asked["ConditionExpression"]) < 4_096


@EACH
@pytest.mark.parametrize("fact", TROUBLES)
def test_a_recording_in_which_something_went_wrong_gets_into_the_index_of_those(
    operation: Facts, fact: str
) -> None:
    asked = operation.asked(json.dumps({"clicks": 3, fact: 1}))

    values = {"clicks": {"N": "3"}, fact: {"N": "1"}}
    numbers = tuple(name for name in NUMBERS if name in values)
    assert asked == operation.update(numbers=numbers, is_troubled=True, **values)


@EACH
@given(HOSTILE.filter(bool), HOSTILE.filter(bool))
def test_a_text_is_stored_as_it_was_written(operation: Facts, first: str, second: str) -> None:
    body = json.dumps({"user": first[:256], "tags": [first, second]})

    asked = operation.asked(body)

    assert asked == operation.update(
        user={"S": first[:256]}, tags={"SS": list(dict.fromkeys([first, second]))}
    )


@EACH
@pytest.mark.parametrize("body", ["", "{}", " { } "])
def test_a_body_without_a_fact_is_refused(operation: Facts, body: str) -> None:
    assert operation.asked(body or "{}") == refused("refused-no-facts")


@EACH
@pytest.mark.parametrize(
    ("fact", "name"),
    [
        *(('"durationMs": "5"', "durationMs"), ('"clicks": -1', "clicks")),
        *(('"clicks": 1.5', "clicks"), ('"errors": 1e3', "errors"), ('"errors": null', "errors")),
        *(('"inpMs": 12345678901234567', "inpMs"), ('"lcpMs": 007', "lcpMs")),
        *(('"pages": []', "pages"), ('"pages": ["a b"]', "pages"), ('"pages": "a"', "pages")),
        *(('"tags": {"a": "b"}', "tags"), ('"events": [1]', "events")),
        *((f'"user": "{"a" * 257}"', "user"), (f'"device": "{"a" * 65}"', "device")),
        (f'"pages": ["{"a" * 2049}"]', "pages"),
        (f'"events": {json.dumps(["a"] * 51)}', "events"),
    ],
)
def test_a_fact_of_another_type_or_size_is_refused_under_its_name(
    operation: Facts, fact: str, name: str
) -> None:
    assert operation.asked(f"{{{fact}}}") == refused(f"refused-field-{name}")


@EACH
@given(LONE_SURROGATES)
def test_half_of_a_surrogate_pair_is_refused_under_its_name(operation: Facts, text: str) -> None:
    assert operation.asked(json.dumps({"user": text})) == refused("refused-field-user")


@EACH
@pytest.mark.parametrize(
    "body", ['{"owner": "x"}', '{"expiresAt": 1}', '{"clicks": 1, "ownerVisitor": "x"}', "[]", "1"]
)
def test_an_unknown_fact_is_refused(operation: Facts, body: str) -> None:
    assert operation.asked(body) == refused("refused-body")


@EACH
@given(text=HOSTILE, is_after=st.booleans())
def test_a_hostile_body_is_refused(operation: Facts, text: str, is_after: bool) -> None:
    assert operation.asked(f'{{"clicks":1}}x{text}' if is_after else f"x{text}") in (
        refused("refused-body"),
        refused("refused-field-clicks"),
    )


@EACH
@pytest.mark.parametrize("recording_id", BAD_RECORDING_IDS)
def test_any_other_id_is_refused(operation: Facts, recording_id: str) -> None:
    assert operation.asked('{"clicks":1}', recording_id) == refused("refused-recordingId")


CONDITION = {
    "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    "message": "The conditional request failed",
}
NO_RECORDING = problem(404, "Not Found", "There is no recording of this id.")


def item(expires_at: int) -> dict[str, object]:
    return {"owner": {"S": OWNER}, "user": {"S": "x"}, "expiresAt": {"N": f"{expires_at}"}}


@EACH
def test_facts_that_come_late_are_a_success_that_tells_nothing(operation: Facts) -> None:
    answer = operation.answer(**CONDITION, Item=item(NOW_S + 1))

    assert (answer.status, answer.headers) == (200, {"Content-Type": "application/json"})
    assert answer.json == {"requestId": EXTENDED_REQUEST_ID}


@EACH
@pytest.mark.parametrize(
    "error",
    [CONDITION, {**CONDITION, "Item": item(NOW_S)}, {**CONDITION, "Item": {}}],
    ids=["missing", "expired", "empty"],
)
def test_facts_of_a_recording_that_is_not_there_are_a_404(
    operation: Facts, error: dict[str, object]
) -> None:
    answer = operation.answer(**error)

    assert (answer.status, answer.json) == (404, NO_RECORDING)


@EACH
def test_another_error_is_no_success(operation: Facts) -> None:
    answer = operation.answer(
        __type="ThrottlingException", message="Rate exceeded", Item=None, message2="x"
    )

    assert answer.status == 429
