"""What clients see while AWS is busy or away, and that nothing with a 202 is lost by it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sandbox.server import Sandbox
from tests.e2e.contract import OF_USERS, Operation, name_of
from tests.e2e.stack import Stack
from tests.e2e.store import Store, recording_prefix
from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

EVERY_OPERATION = pytest.mark.parametrize("operation", OF_USERS, ids=name_of)


def service_of(sandbox: Sandbox, operation: Operation) -> str:
    """Return the service that answers the operation, as its integration names it: `kinesis`."""
    deployed = sandbox.deployed.body["paths"][operation.path][operation.method.lower()]
    # arn:aws:apigateway:<region>:<service>:<path or action>
    return deployed["x-amazon-apigateway-integration"]["uri"].split(":")[4]


def test_a_throttled_service_is_a_429_that_says_when_to_come_back(
    owner: User, untroubled: Sandbox, recording_id: str
) -> None:
    services = {one: service_of(untroubled, one) for one in OF_USERS}
    untroubled.faults.throttled.update(services.values())

    answers = {
        one.operation_id: owner.send(one, recording_id)
        for one, service in services.items()
        if service != "lambda"  # any failure of Lambda is a 502
    }

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 429)
    assert min(int(one.headers["Retry-After"]) for one in answers.values()) >= 1


@EVERY_OPERATION
def test_a_service_that_cannot_be_reached_is_a_502(
    owner: User, untroubled: Sandbox, recording_id: str, operation: Operation
) -> None:
    untroubled.faults.unreachable.add(service_of(untroubled, operation))

    assert owner.send(operation, recording_id).status_code == 502


@EVERY_OPERATION
def test_a_service_that_does_not_answer_is_a_504(
    owner: User, untroubled: Sandbox, recording_id: str, operation: Operation
) -> None:
    owner.send(operation, recording_id)  # so that no key or credential is missing
    untroubled.gateway.services.timeout_s = 0.5
    untroubled.cloud.pause()

    assert owner.send(operation, recording_id).status_code == 504


@pytest.mark.parametrize(("fault", "status"), [("throttled", 429), ("unreachable", 502)])
def test_an_operator_is_told_too(
    stack: Stack, anonymous: User, untroubled: Sandbox, fault: str, status: int
) -> None:
    getattr(untroubled.faults, fault).add("dynamodb")
    url = f"{stack.api_url}/operator/recordings"

    assert anonymous.http.get(url, headers=stack.signature(url)).status_code == status


@dataclass
class Writer:
    """Appends one event after another, and keeps what was taken."""

    user: User
    recording_id: str
    repeats: bool
    """An event that was not taken is sent again, with its sequence; else the next one follows."""
    taken: list[Event] = field(default_factory=list[Event])
    statuses: list[int] = field(default_factory=list[int])

    def append_until(self, status: int, times: int) -> None:
        """Append until that many answers have this status, and fail after 500 of any."""
        before = self.statuses.count(status)
        while self.statuses.count(status) < before + times:
            assert len(self.statuses) < 500, self.statuses
            self._append()

    def _append(self) -> None:
        number = len(self.taken) if self.repeats else len(self.statuses)
        event = {"n": number, "timestamp": 1_700_000_000_000 + number}
        answer = self.user.append(
            self.recording_id, ndjson(event), sequence=number if self.repeats else None
        )
        self.statuses.append(answer.status_code)
        if answer.status_code == 202:
            self.taken.append(event)


def throttle(sandbox: Sandbox) -> None:
    sandbox.faults.throttled.add("kinesis")


def cut_off(sandbox: Sandbox) -> None:
    sandbox.faults.unreachable.add("kinesis")


def pause(sandbox: Sandbox) -> None:
    sandbox.cloud.pause()


Outage = Callable[[Sandbox], None]
EVERY_OUTAGE = pytest.mark.parametrize(
    ("begin", "status"),
    [(throttle, 429), (cut_off, 502), (pause, 504)],
    ids=["throttled", "unreachable", "silent"],
)


def written_through(sandbox: Sandbox, writer: Writer, begin: Outage, status: int) -> list[Event]:
    """Return what was taken of a writer that went on before an outage, in it and after it."""
    sandbox.gateway.services.timeout_s = 1.0
    writer.append_until(202, 5)
    begin(sandbox)
    writer.append_until(status, 2)
    sandbox.cloud.resume()
    sandbox.faults.throttled.clear()
    sandbox.faults.unreachable.clear()
    writer.append_until(202, 5)
    return writer.taken


@EVERY_OUTAGE
def test_after_an_outage_nothing_that_was_taken_is_missing(
    owner: User, untroubled: Sandbox, store: Store, begin: Outage, status: int
) -> None:
    writer = Writer(owner, owner.given_recording(), repeats=False)

    taken = written_through(untroubled, writer, begin, status)

    read = owner.delivered(writer.recording_id, len(taken)).events
    # A batch of which only the answer was lost may be there too.
    assert [event for event in read if event in taken] == taken
    assert len(read) == len({event["n"] for event in read})
    eventually(
        lambda: store.delivered(owner, writer.recording_id),
        lambda stored: [event for event in stored if event in taken] == taken,
        owner.delivery_s,
    )


@EVERY_OUTAGE
def test_a_client_that_repeats_until_it_is_accepted_has_everything_once(
    owner: User, untroubled: Sandbox, begin: Outage, status: int
) -> None:
    writer = Writer(owner, owner.given_recording(), repeats=True)

    taken = written_through(untroubled, writer, begin, status)

    reading = owner.delivered(writer.recording_id, len(taken))
    assert (reading.events, reading.skipped, reading.missing) == (taken, 0, None)


def test_a_batch_that_firehose_delivers_twice_is_read_once(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    untroubled.delivery_stream.faults.deliver_twice = True
    events = [{"n": n, "timestamp": 1_700_000_000_000 + n} for n in range(3)]
    recording_id = owner.given_recording(*(ndjson(event) for event in events))
    prefix = recording_prefix(owner, recording_id)

    eventually(
        lambda: sum(len(store.lines(key)) for key in store.objects(prefix)),
        lambda lines: lines >= 6,
        owner.delivery_s,
    )

    assert owner.read(recording_id).events == events


def test_a_batch_that_firehose_could_not_write_is_written_when_s3_is_back(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    delivery_stream = untroubled.delivery_stream
    delivery_stream.flush(read_first=True)  # so that nothing but the batch below is refused
    before = delivery_stream.status().last_error
    delivery_stream.faults.refuse_s3 = True
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    prefix = recording_prefix(owner, recording_id)
    eventually(
        lambda: delivery_stream.status().last_error or "",
        lambda error: error != before and "refuse_s3" in error,
        owner.delivery_s,
    )
    refused = store.objects(prefix)

    delivery_stream.faults.refuse_s3 = False
    eventually(lambda: store.objects(prefix), bool, owner.delivery_s)

    assert refused == {}
    assert owner.read(recording_id).events == [{"n": 0, "timestamp": 1}]


def test_events_are_read_before_firehose_brings_them_and_once_when_it_did(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    untroubled.delivery_stream.faults.pause_reading = True
    events = [{"n": n, "timestamp": 1_700_000_000_000 + n} for n in range(3)]
    recording_id = owner.given_recording(*(ndjson(event) for event in events))
    prefix = recording_prefix(owner, recording_id)

    early, objects = owner.delivered(recording_id, 3), store.objects(prefix)
    untroubled.delivery_stream.faults.pause_reading = False
    eventually(lambda: store.objects(prefix), bool, owner.delivery_s)

    assert objects == {}
    assert early.events == owner.read(recording_id).events == events
