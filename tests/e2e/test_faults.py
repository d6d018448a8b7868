"""What clients see while AWS is busy or away, and that nothing with a 202 is lost by it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sandbox.server import Sandbox
from tests.e2e.contract import OF_USERS, Operation, name_of
from tests.e2e.store import Store
from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

SERVICE_OF = {
    "createRecording": "dynamodb",
    "listRecordings": "dynamodb",
    "getRecording": "dynamodb",
    "appendEvents": "kinesis",
    "getEvents": "lambda",
}
EVERY_OPERATION = pytest.mark.parametrize("operation", OF_USERS, ids=name_of)
THROTTLED = [one for one in OF_USERS if SERVICE_OF[one.operation_id] != "lambda"]


@pytest.mark.parametrize("operation", THROTTLED, ids=name_of)
def test_a_throttled_service_is_a_429_that_says_when_to_come_back(
    owner: User, untroubled: Sandbox, recording_id: str, operation: Operation
) -> None:
    untroubled.faults.throttled.add(SERVICE_OF[operation.operation_id])

    answer = owner.send(operation, recording_id)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


@EVERY_OPERATION
def test_a_service_that_cannot_be_reached_is_a_502(
    owner: User, untroubled: Sandbox, recording_id: str, operation: Operation
) -> None:
    untroubled.faults.unreachable.add(SERVICE_OF[operation.operation_id])

    assert owner.send(operation, recording_id).status_code == 502


@EVERY_OPERATION
def test_a_service_that_does_not_answer_is_a_504(
    owner: User, untroubled: Sandbox, recording_id: str, operation: Operation
) -> None:
    owner.send(operation, recording_id)  # so that no key or credential is missing
    untroubled.gateway.services.timeout_s = 0.5
    untroubled.cloud.pause()

    assert owner.send(operation, recording_id).status_code == 504


@dataclass
class Stubborn(threading.Thread):
    """Appends one batch after another, whatever the answers are, and keeps what was taken."""

    user: User
    recording_id: str
    taken: list[Event] = field(default_factory=list[Event])
    statuses: list[int] = field(default_factory=list[int])
    stopped: bool = False

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        number = 0
        while not self.stopped and number < 500:
            event = {"n": number, "timestamp": 1_700_000_000_000 + number}
            status = self.user.append(self.recording_id, ndjson(event)).status_code
            self.statuses.append(status)
            if status == 202:
                self.taken.append(event)
            number += 1
            time.sleep(0.05)


def throttle(sandbox: Sandbox) -> None:
    sandbox.faults.throttled.add("kinesis")


def cut_off(sandbox: Sandbox) -> None:
    sandbox.faults.unreachable.add("kinesis")


def pause(sandbox: Sandbox) -> None:
    sandbox.cloud.pause()


@pytest.mark.parametrize(
    ("begin", "status"), [(throttle, 429), (cut_off, 502), (pause, 504)], ids=str
)
def test_after_an_outage_nothing_that_was_taken_is_missing(
    owner: User, untroubled: Sandbox, begin: Callable[[Sandbox], None], status: int
) -> None:
    untroubled.gateway.services.timeout_s = 1.0
    writer = Stubborn(owner, owner.given_recording())
    writer.start()
    eventually(lambda: len(writer.taken), lambda taken: taken >= 5, 20)
    begin(untroubled)
    eventually(lambda: writer.statuses.count(status), lambda refused: refused >= 2, 20)
    untroubled.cloud.resume()
    untroubled.faults.throttled.clear()
    untroubled.faults.unreachable.clear()
    before = len(writer.taken)
    eventually(lambda: len(writer.taken), lambda taken: taken >= before + 5, 20)
    writer.stopped = True
    writer.join(20)

    read = owner.delivered(writer.recording_id, len(writer.taken)).events
    assert set(writer.statuses) == {202, status}
    # A batch of which only the answer was lost may be there too.
    assert [event for event in read if event in writer.taken] == writer.taken
    assert len(read) == len({event["n"] for event in read})


def test_what_firehose_delivers_twice_is_read_once(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    untroubled.delivery_stream.faults.deliver_twice = True
    events = [{"n": n, "timestamp": 1_700_000_000_000 + n} for n in range(3)]
    recording_id = owner.given_recording(*(ndjson(event) for event in events))
    prefix = f"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/stream/"

    eventually(
        lambda: sum(len(store.lines(key)) for key in store.objects(prefix)),
        lambda lines: lines >= 6,
        owner.delivery_s,
    )

    assert owner.read(recording_id).events == events


def test_what_firehose_could_not_write_is_written_when_s3_is_back(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    untroubled.delivery_stream.faults.refuse_s3 = True
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    prefix = f"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/stream/"
    time.sleep(4)  # two of its sped-up buffer intervals
    refused = store.objects(prefix)

    untroubled.delivery_stream.faults.refuse_s3 = False
    eventually(lambda: store.objects(prefix), lambda found: found != {}, owner.delivery_s)

    assert refused == {}
    assert owner.read(recording_id).events == [{"n": 0, "timestamp": 1}]


def test_while_the_stream_does_not_answer_a_reader_gets_what_is_in_s3(
    owner: User, untroubled: Sandbox, store: Store
) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    prefix = f"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/stream/"
    eventually(lambda: store.objects(prefix), lambda found: found != {}, owner.delivery_s)
    untroubled.faults.unreachable.add("kinesis")  # of the gateway; the function has its own way

    assert owner.read(recording_id).events == [{"n": 0, "timestamp": 1}]
