"""The whole function against S3 and DynamoDB: success, the caller's fault, and ours."""

import gzip
import json
import random
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers import stored_objects
from handlers.get_events import clients, handler
from handlers.recording_item import BEFORE_CREATION_MS
from tests.handlers.given import (
    PREFIX,
    USER_ID,
    body_of,
    delivered,
    envelope,
    events_of,
    header,
    ndjson,
    request,
    whole_answer,
)
from tests.handlers.stored import BUCKET, TABLE, Stored

GZIP = "application/gzip, */*;q=0.1"
LONG_AGO, FAR_AHEAD = "1", "99999999999"


def all_pages(accept: str | None = None) -> tuple[list[Any], list[dict[str, object]]]:
    """Return all events of the recording, and the answers that they came in."""
    answers = [handler(request(accept=accept), None)]
    while header(answers[-1], "Has-More") == "true":
        cursor = header(answers[-1], "Next-Cursor")
        answers.append(handler(request(cursor, accept=accept), None))
    return [event for answer in answers for event in events_of(answer)], answers


# Success


def test_an_answer_is_ndjson_with_everything_a_client_needs_to_go_on(stored: Stored) -> None:
    stored.put("2", delivered(envelope(b'{"n": 2}', 1)))
    stored.put("1", delivered(envelope(b'{"n": 1}\n', 0)))
    answer = handler(request(), None)

    cursor = header(answer, "Next-Cursor")
    assert answer == whole_answer('{"n": 1}\n{"n": 2}\n', cursor)


@pytest.mark.parametrize(
    ("accept", "gzipped"),
    [
        (None, False),
        ("*/*", False),
        ("application/x-ndjson, application/gzip", False),
        ("application/gzip-not", False),
        ("application/gzip", True),
        (" Application/GZIP;q=1 , */*", True),
    ],
)
def test_only_the_first_media_type_of_accept_asks_for_gzip(
    accept: str | None, gzipped: bool, stored: Stored
) -> None:
    stored.put("1", delivered(envelope('{"n":"\u00e9\U0001f600"}'.encode())))
    answer = handler(request(accept=accept), None)

    assert (answer["isBase64Encoded"], header(answer, "Content-Encoding")) == (
        gzipped,
        "gzip" if gzipped else None,
    )
    assert body_of(answer) == '{"n":"\u00e9\U0001f600"}\n'.encode()


def test_a_cursor_gives_only_what_came_after(stored: Stored) -> None:
    stored.put("1", delivered(envelope(ndjson({"n": 1}), 0)))
    first = handler(request(), None)
    stored.put("2", delivered(envelope(ndjson({"n": 2}), 1), envelope(b"{}", 0)))
    second = handler(request(header(first, "Next-Cursor")), None)
    third = handler(request(header(second, "Next-Cursor")), None)

    assert [events_of(answer) for answer in (first, second, third)] == [[{"n": 1}], [{"n": 2}], []]


@pytest.mark.parametrize("accept", [None, GZIP])
def test_a_long_recording_comes_in_pages_that_lambda_lets_through(
    accept: str | None, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    sent = [
        {"n": f"{sequence}.{number}", "t": '"\u00e9\n' * 9, "x": chance.randbytes(700).hex()}
        for sequence in range(12)
        for number in range(600)
    ]
    bodies = [ndjson(*sent[at : at + 600]) for at in range(0, len(sent), 600)]
    for sequence, body in enumerate(bodies):
        stored.put(
            f"{sequence:02}", delivered(envelope(gzip.compress(body), sequence, encoding="gzip"))
        )

    events, answers = all_pages(accept)
    assert events == sent
    assert len(answers) > 1
    assert all(len(json.dumps(answer).encode()) <= 6_291_556 for answer in answers)


def test_more_objects_than_one_listing_holds_are_all_read(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")  # S3's is 1000
    for sequence in range(35):
        stored.put(f"{sequence}", delivered(envelope(ndjson({"n": sequence}), sequence)))

    assert all_pages()[0] == [{"n": number} for number in range(35)]


def test_a_record_that_firehose_delivers_twice_comes_once(stored: Stored) -> None:
    same = envelope(ndjson({"n": 1}, {"n": 1}) + b"broken")
    stored.put("1", delivered(same, same))
    stored.put("2", delivered(same))
    answer = handler(request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([{"n": 1}, {"n": 1}], "1")


def test_missing_sequences_are_named(stored: Stored) -> None:
    stored.put("1", delivered(*(envelope(b"{}", sequence) for sequence in (1, 2, 6, 8))))

    assert header(handler(request(), None), "Missing-Sequences") == "0,3-5,7"


def test_a_known_recording_without_events_is_empty(stored: Stored) -> None:
    stored.create(expiresAt={"N": FAR_AHEAD})
    answer = handler(request(), None)

    assert (answer["statusCode"], answer["body"], header(answer, "Has-More")) == (200, "", "false")
    assert events_of(handler(request(header(answer, "Next-Cursor"), accept=GZIP), None)) == []


def test_a_known_recording_may_have_no_expiry(stored: Stored) -> None:
    stored.create()

    assert handler(request(), None)["statusCode"] == 200


def test_only_the_allowed_origin_is_named(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.create()
    monkeypatch.setenv("ALLOW_ORIGIN", "https://replay.example")
    answers = [handler(request(), None), handler(request("bad"), None)]

    origins = [header(answer, "Access-Control-Allow-Origin") for answer in answers]
    assert origins == ["https://replay.example", "https://replay.example"]


def test_a_log_line_has_ids_and_counts_and_nothing_of_the_recording(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.put("1", delivered(envelope(b'{"password":"hunter2"}')))
    handler(request(), None)
    logged = json.loads(capsys.readouterr().out)

    assert logged.pop("durationMs") >= 0
    assert logged == {
        "requestId": "extended=",
        "status": 200,
        "recordingId": "0197-recording_A",
        "objects": 1,
        "tail": "complete",
        "skipped": 0,
        "bodyChars": 23,
        "hasMore": False,
    }


# The caller's fault


def test_an_unknown_recording_is_a_problem(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.forget()
    answer = handler(request(), None)

    logged = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert logged["detail"] == "you have no recording of this id"
    assert json.loads(str(answer["body"])) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "you have no recording of this id",
        "requestId": "extended=",
    }
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (404, False)
    assert header(answer, "Content-Type") == "application/problem+json"
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert header(answer, "Cache-Control") == "no-store"


def test_a_recording_is_looked_up_with_a_consistent_read(stored: Stored) -> None:
    asked: list[dict[str, Any]] = []

    def keep(params: dict[str, Any], **_: object) -> None:
        asked.append(params)

    clients().dynamodb.meta.events.register("provide-client-params.dynamodb.GetItem", keep)
    handler(request(), None)

    assert [one["ConsistentRead"] for one in asked] == [True]


def test_an_expired_recording_is_unknown_whatever_is_stored_of_it(stored: Stored) -> None:
    stored.put("1", delivered(envelope(b"{}")))
    stored.append(envelope(b"{}", 1))
    cursor = header(handler(request(), None), "Next-Cursor")
    stored.create(expiresAt={"N": LONG_AGO})
    expired = [handler(request(), None), handler(request(cursor), None)]
    stored.forget()
    deleted = [handler(request(), None), handler(request(cursor), None)]

    assert {answer["statusCode"] for answer in [*expired, *deleted]} == {404}


def test_an_erased_recording_is_unknown_whatever_still_arrives(stored: Stored) -> None:
    stored.put("1", delivered(envelope(b"{}")))
    stored.create(erasureId={"S": "e1"}, expiresAt={"N": FAR_AHEAD})
    stored.append(envelope(b"{}", 1))

    assert handler(request(), None)["statusCode"] == 404


def test_a_recording_of_an_id_that_had_expired_has_none_of_the_old_ones_events(
    stored: Stored,
) -> None:
    now_ms = int(time.time() * 1000)
    old = {"receivedAtMs": now_ms - BEFORE_CREATION_MS - 1000}
    early = {"receivedAtMs": now_ms - BEFORE_CREATION_MS + 10_000}
    stored.put("1", delivered(envelope(b'{"n":"old"}', 0, **old)))
    stored.append(envelope(b'{"n":"old, too"}', 1, **old))
    stored.put("2", delivered(envelope(b'{"n":"sent before it was created"}', 0, **early)))
    stored.create(createdAtMs={"N": str(now_ms)})
    answer = handler(request(), None)

    assert events_of(answer) == [{"n": "sent before it was created"}]
    assert header(answer, "Events-Skipped") == "0"


def test_objects_of_a_recording_that_had_expired_are_not_even_read(stored: Stored) -> None:
    stored.put("1", delivered(envelope(b'{"n":"old"}')))
    stored.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/large/0", Body=b'{"n":"old"}')
    in_two_hours_ms = int(time.time() * 1000) + 2 * BEFORE_CREATION_MS
    stored.create(createdAtMs={"N": str(in_two_hours_ms)})

    assert events_of(handler(request(), None)) == []


@pytest.mark.parametrize("user", [None, "", 7, "a/b", "../x", "x" * 129, "sub\n", "\u00e9"])
def test_without_a_usable_user_nothing_is_read(user: object) -> None:
    assert handler(request(user=user), None)["statusCode"] == 403


@pytest.mark.parametrize(
    "recording", [None, "", "a/b", "..", "x" * 65, "a b", "id\n", "%2e%2e", "\u00e9", 7]
)
def test_a_bad_recording_id_is_refused(recording: object) -> None:
    assert handler(request(recording=recording), None)["statusCode"] == 400


@pytest.mark.parametrize("event", [{}, {"requestContext": None}, {"requestContext": {}}])
def test_an_event_without_a_token_is_refused(event: Mapping[str, Any]) -> None:
    assert handler(event, None)["statusCode"] == 403


def test_an_id_is_decoded_once(stored: Stored) -> None:
    stored.put("1", delivered(envelope(b"{}")))

    assert events_of(handler(request(recording="0197%2Drecording%5FA"), None)) == [{}]
    assert handler(request(recording="0197%252Drecording_A"), None)["statusCode"] == 400


def test_the_cursor_of_another_recording_is_refused(stored: Stored) -> None:
    stored.create()
    cursor = header(handler(request(), None), "Next-Cursor")

    assert handler(request(cursor, recording="another"), None)["statusCode"] == 400


@pytest.mark.parametrize("cursor", ["", "x", "\u00e9", "A" * 9000, "bnVsbA", "W10"])
def test_a_broken_cursor_is_refused(cursor: str) -> None:
    assert handler(request(cursor), None)["statusCode"] == 400


def test_an_event_too_large_for_plain_text_comes_over_two_answers(stored: Stored) -> None:
    large = {"t": "\u00e9" * 1_100_000}
    body = gzip.compress(json.dumps(large, ensure_ascii=False).encode())
    stored.put("1", delivered(envelope(body, encoding="gzip")))
    first = handler(request(), None)
    second = handler(request(header(first, "Next-Cursor")), None)

    assert (header(first, "Has-More"), header(second, "Has-More")) == ("true", "false")
    assert json.loads(f"{first['body']}{second['body']}") == large
    assert events_of(handler(request(accept=GZIP), None)) == [large]


# Nobody's fault, or someone else's: the rest is served, and what is not is counted


def test_a_fault_costs_only_the_smallest_part_around_it(stored: Stored) -> None:
    good = [envelope(ndjson({"n": number}), number) for number in range(3)]
    stored.put("1", delivered(good[0], b"{half an envel", b"", good[1], b"\xff", envelope(b"x", 9)))
    stored.put("2", b"this is not gzip")
    stored.put("3", delivered(good[2]))
    answer = handler(request(), None)

    assert events_of(answer) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert header(answer, "Events-Skipped") == "4"


def test_a_truncated_object_gives_the_envelopes_before_the_cut(stored: Stored) -> None:
    noise = random.Random(1)
    lines = [
        envelope(ndjson({"n": number, "x": noise.randbytes(1000).hex()}), number)
        for number in range(10)
    ]
    stored.put("1", delivered(*lines)[:-3000])
    answer = handler(request(), None)

    found = [event["n"] for event in events_of(answer)]
    assert 5 < len(found) < 10
    assert found == list(range(len(found)))
    assert header(answer, "Events-Skipped") == "1"


def test_an_envelope_of_someone_else_is_never_given(stored: Stored) -> None:
    stored.put(
        "1",
        delivered(
            envelope(b'{"n":"secret"}', 0, userId="someone-else"),
            envelope(b'{"n":"other"}', 1, recordingId="another"),
            envelope(b'{"n":"mine"}', 2),
        ),
    )
    answer = handler(request(), None)

    assert events_of(answer) == [{"n": "mine"}]
    assert header(answer, "Events-Skipped") == "2"


def test_other_prefixes_and_other_objects_are_not_read(stored: Stored) -> None:
    stored.create()
    line = delivered(envelope(b'{"n":"elsewhere"}'))
    stored.put("1", line, prefix=f"{PREFIX}-longer")
    stored.put("1", line, prefix=PREFIX.replace(USER_ID, f"{USER_ID}-longer"))
    stored.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/screenshot", Body=b"png")
    stored.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/larger/1.gz", Body=line)
    stored.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/stream/not-firehose", Body=b"x")
    answer = handler(request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([], "0")


def test_an_object_over_the_limit_is_cut_and_counted(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = envelope(ndjson({"n": 1}), 0)
    monkeypatch.setattr(stored_objects, "MAX_OBJECT_BYTES", len(first) + 100)
    stored.put("1", delivered(first, b" " * 5_000_000, envelope(ndjson({"n": 2}), 1)))
    answer = handler(request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([{"n": 1}], "1")


def test_an_envelope_over_the_limit_is_passed_over_and_counted(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = envelope(ndjson({"n": 1}), 1)
    monkeypatch.setattr(stored_objects, "MAX_ENVELOPE_BYTES", len(short))
    stored.put("1", delivered(envelope(ndjson({"n": "long" * 99}), 0), short))
    answer = handler(request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([{"n": 1}], "1")


class _Vanishing:
    """S3 that lists one object more than it has."""

    def __init__(self, s3: Any, code: str = "NoSuchKey") -> None:
        self._s3 = s3
        self._code = code

    def list_objects_v2(self, **request: Any) -> Any:
        return self._s3.list_objects_v2(**request)

    def get_object(self, **request: str) -> Any:
        if request["Key"].endswith("gone.gz"):
            raise ClientError({"Error": {"Code": self._code, "Message": ""}}, "GetObject")
        return self._s3.get_object(**request)


def with_s3(monkeypatch: pytest.MonkeyPatch, s3: _Vanishing) -> None:
    """Let the function read from `s3`."""
    real = clients()
    monkeypatch.setattr("handlers.get_events.clients", lambda: replace(real, s3=s3))


def test_an_object_that_vanished_since_it_was_listed_is_passed_over(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.put("gone", delivered(envelope(ndjson({"n": 0}), 0)))
    stored.put("there", delivered(envelope(ndjson({"n": 1}), 1)))
    with_s3(monkeypatch, _Vanishing(stored.s3))
    answer = handler(request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([{"n": 1}], "0")


# Our fault


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "InvalidObjectState"])
def test_an_object_that_s3_refuses_is_our_fault(
    code: str, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.put("gone", delivered(envelope(b"{}")))
    with_s3(monkeypatch, _Vanishing(stored.s3, code))

    with pytest.raises(ClientError, match=code):
        handler(request(), None)


def test_a_missing_bucket_is_our_fault_and_not_a_404(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.create()
    monkeypatch.setenv("BUCKET", f"not-{BUCKET}")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        handler(request(), None)


def test_a_missing_table_is_our_fault_and_not_a_404(
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TABLE", f"not-{TABLE}")

    with pytest.raises(ClientError, match="ResourceNotFound"):
        handler(request(), None)


@pytest.mark.usefixtures("stored")
def test_throttling_is_tried_again_before_it_is_a_fault() -> None:
    s3: Any = clients().s3

    assert s3.meta.config.retries == {"mode": "standard", "total_max_attempts": 5}
