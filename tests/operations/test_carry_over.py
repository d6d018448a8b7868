"""Recordings of a release without sites are in this one's table once, however often it is run."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from components.store.earlier_table import EarlierTableArgs, earlier_table_name
from operations.carry_over import (
    MAX_PASSES,
    CarryOver,
    Pass,
    StillWritingError,
    carried,
    main,
)
from resource_types.in_sandbox import Emulated, Requested
from resource_types.services.dynamodb import TABLE
from tests import earlier_release
from tests.engine import REGION, Engine, deploy, deploy_program
from tests.moto_account import client, moto_account
from tests.operations.command_line import CommandLine

EARLIER = "rrweb-store-dev-recordings-1a2b3c4"
NEW = "rrweb-store-dev-recordings-by-owner-5d6e7f8"
LATER = time.time() + 86_400
Item = earlier_release.Item


@dataclass(kw_only=True)
class Tables:
    """The table that the earlier release wrote, and the empty one of this release."""

    dynamodb: Any
    said: list[str] = field(default_factory=list[str])

    def create(self, name: str, inputs: Mapping[str, Any]) -> None:
        assert isinstance(TABLE.sandbox, Emulated)
        requested = Requested(
            name="recordings",
            physical_name=name,
            inputs=dict(inputs),
            tags={},
            region=REGION,
            arn_template=TABLE.arn,
            function_variables={},
        )
        TABLE.sandbox.create(self.dynamodb, requested)

    def write(self, *items: Item, table: str = EARLIER) -> None:
        for item in items:
            self.dynamodb.put_item(TableName=table, Item=item)

    def held(self, table: str = NEW) -> list[Item]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table)
        return ordered(item for page in pages for item in page["Items"])

    def carry_over(self, dynamodb: Any = None) -> list[Pass]:
        return CarryOver(
            dynamodb=dynamodb or self.dynamodb,
            earlier=EARLIER,
            table=NEW,
            say=self.said.append,
        ).run()


@cache
def earlier_program() -> Engine:
    """Return what keeps the table of the release before."""
    return deploy(lambda: earlier_table_name(EarlierTableArgs(earlier_table=True)))


def ordered(items: Iterator[Item]) -> list[Item]:
    return sorted(items, key=lambda one: json.dumps(one, sort_keys=True))


def new_items(expires_at: float = LATER) -> list[Item]:
    """Return what the new table must hold in the end."""
    return ordered(dict(carried(one)) for one in earlier_release.items(expires_at))


def recording(id_: str, *, owner: str = "", expires_at: float = LATER, **texts: str) -> Item:
    """Return an item of the earlier table, or of the new one for an owner."""
    key = {"owner": {"S": owner}} if owner else {"userId": {"S": "u"}}
    return {
        **key,
        "recordingId": {"S": id_},
        "createdAtMs": {"N": "1790000000000"},
        "expiresAt": {"N": str(int(expires_at))},
        **{name: {"S": text} for name, text in texts.items()},
    }


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    type_ = "aws:dynamodb/table:Table"
    with moto_account():
        both = Tables(dynamodb=client("dynamodb"))
        both.create(EARLIER, earlier_program().inputs(type_, "recordings"))
        both.create(NEW, deploy_program("dev").inputs(type_, "recordings-by-owner"))
        yield both


def test_each_recording_is_carried_over_as_this_release_writes_it(tables: Tables) -> None:
    tables.write(*earlier_release.items(LATER))
    before = tables.held(EARLIER)

    passes = tables.carry_over()

    user = earlier_release.written()["users"]["owner"]
    assert tables.dynamodb.get_item(
        TableName=NEW, Key={"owner": {"S": f"user#{user}"}, "recordingId": {"S": "every-field"}}
    )["Item"] == {
        "owner": {"S": f"user#{user}"},
        "recordingId": {"S": "every-field"},
        "createdAtMs": {"N": "1795935636719"},
        "startedAtMs": {"N": "1790000000001"},
        "viewport": {"M": {"width": {"N": "1280"}, "height": {"N": "720"}}},
        "pageUrl": {"S": "https://shop.example/cart?item=7#sum"},
        "pageTitle": {"S": "Cart – “7 items”"},
        "userAgent": {"S": "Mozilla/5.0 (X11; Linux x86_64)"},
        "hasScreenshot": {"BOOL": True},
        "expiresAt": {"N": str(int(LATER))},
    }
    assert tables.held() == new_items()
    assert tables.held(EARLIER) == before
    assert passes == [Pass(seen=6, copied=6), Pass(seen=6, there=6)]


def test_run_twice_it_changes_nothing_the_second_time(tables: Tables) -> None:
    tables.write(*earlier_release.items(LATER))
    tables.carry_over()

    again = tables.carry_over()

    assert again == [Pass(seen=6, there=6)]
    assert tables.held() == new_items()


def test_an_expired_recording_is_left_though_its_item_still_exists(tables: Tables) -> None:
    tables.write(*earlier_release.items(time.time() - 1))
    tables.write(recording("current"))

    passes = tables.carry_over()

    assert passes == [Pass(seen=7, copied=1, expired=6), Pass(seen=7, there=1, expired=6)]
    assert tables.held() == [recording("current", owner="user#u")]


def test_a_recording_that_is_in_both_tables_stays_as_this_release_wrote_it(tables: Tables) -> None:
    newer = recording("r", owner="user#u", pageTitle="newer")
    tables.write(recording("r", pageTitle="older"), recording("other"))
    tables.write(newer, table=NEW)

    passes = tables.carry_over()

    assert passes[0] == Pass(seen=2, copied=1, there=1)
    assert tables.held() == ordered(iter([newer, recording("other", owner="user#u")]))


def test_a_table_of_several_pages_is_carried_over_whole(tables: Tables) -> None:
    address = f"https://shop.example/?q={'x' * 8000}"
    many = [recording(f"r{number}", pageUrl=address) for number in range(300)]
    tables.write(*many)
    read = Counting(tables.dynamodb)

    passes = tables.carry_over(read)

    assert passes == [Pass(seen=300, copied=300), Pass(seen=300, there=300)]
    assert len(tables.held()) == 300
    # Of a pass: three pages of 1 MB, and the batches of 100 keys of each.
    assert read.calls["batch_get_item"] == 2 * (2 + 2 + 1)


def test_an_empty_table_is_carried_over_at_once(tables: Tables) -> None:
    assert tables.carry_over() == [Pass()]


class Interrupted(BaseException):
    """Ctrl-C, at a place that the test chose."""


class Wrapping:
    """A client of DynamoDB, each call of which a subclass may change."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dynamodb, name)


class Counting(Wrapping):
    """Counts the calls of batch_get_item."""

    def __init__(self, dynamodb: Any) -> None:
        super().__init__(dynamodb)
        self.calls = {"batch_get_item": 0}

    def batch_get_item(self, **request: Any) -> Any:
        self.calls["batch_get_item"] += 1
        return self.dynamodb.batch_get_item(**request)


class Interrupting(Wrapping):
    """Is interrupted at the n-th write, before or after it took effect."""

    def __init__(self, dynamodb: Any, writes: int, *, takes_effect: bool) -> None:
        super().__init__(dynamodb)
        self._left = writes
        self._takes_effect = takes_effect

    def put_item(self, **request: Any) -> Any:
        self._left -= 1
        if self._left == 0 and self._takes_effect:
            self.dynamodb.put_item(**request)
        if self._left <= 0:
            raise Interrupted
        return self.dynamodb.put_item(**request)


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("writes", range(1, 7))
def test_stopped_at_any_write_and_run_again_it_ends_the_same(
    tables: Tables, writes: int, takes_effect: bool
) -> None:
    tables.write(*earlier_release.items(LATER))

    with pytest.raises(Interrupted):
        tables.carry_over(Interrupting(tables.dynamodb, writes, takes_effect=takes_effect))
    stopped_at = len(tables.held())
    passes = tables.carry_over()

    assert stopped_at == writes - (not takes_effect)
    assert passes[-1] == Pass(seen=6, there=6)
    assert tables.held() == new_items()


class Writing(Wrapping):
    """Old pages make a recording in the earlier table after each pass has read it."""

    def __init__(self, dynamodb: Any, recordings: list[Item]) -> None:
        super().__init__(dynamodb)
        self._recordings = recordings

    def get_paginator(self, name: str) -> Any:
        pages = self.dynamodb.get_paginator(name)
        outer = self

        class Paginator:
            def paginate(self, **request: Any) -> Iterator[Any]:
                yield from pages.paginate(**request)
                if outer._recordings:
                    outer.dynamodb.put_item(TableName=EARLIER, Item=outer._recordings.pop())

        return Paginator()


def test_recordings_that_old_pages_make_meanwhile_are_carried_over_too(tables: Tables) -> None:
    tables.write(*earlier_release.items(LATER))

    passes = tables.carry_over(Writing(tables.dynamodb, [recording("b"), recording("a")]))

    late = [recording(id_, owner="user#u") for id_ in ("a", "b")]
    assert [one.copied for one in passes] == [6, 1, 1, 0]
    assert tables.held() == ordered(iter([*new_items(), *late]))


def test_a_page_that_never_stops_does_not_keep_it_running(tables: Tables) -> None:
    endless = [recording(f"r{number}") for number in range(2 * MAX_PASSES)]
    tables.write(recording("first"))

    with pytest.raises(StillWritingError, match="run it again"):
        tables.carry_over(Writing(tables.dynamodb, endless))

    assert len(tables.said) == MAX_PASSES


def test_keys_that_dynamodb_does_not_answer_for_are_decided_by_the_write(tables: Tables) -> None:
    newer = recording("r", owner="user#u", pageTitle="newer")
    tables.write(recording("r", pageTitle="older"), recording("other"))
    tables.write(newer, table=NEW)

    class Unprocessed(Wrapping):
        def batch_get_item(self, **request: Any) -> Any:
            return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}

    passes = tables.carry_over(Unprocessed(tables.dynamodb))

    assert passes == [Pass(seen=2, copied=1, there=1), Pass(seen=2, there=2)]
    assert tables.held() == ordered(iter([newer, recording("other", owner="user#u")]))


class Atomic(Wrapping):
    """Looks and writes at once, as DynamoDB does; between moto's two steps another may write."""

    def __init__(self, dynamodb: Any) -> None:
        super().__init__(dynamodb)
        self._lock = Lock()

    def put_item(self, **request: Any) -> Any:
        with self._lock:
            return self.dynamodb.put_item(**request)


def test_two_at_once_write_each_recording_once(tables: Tables) -> None:
    tables.write(*(recording(f"r{number}") for number in range(200)))
    dynamodb = Atomic(tables.dynamodb)

    with ThreadPoolExecutor(2) as both:
        started = [both.submit(tables.carry_over, dynamodb) for _ in range(2)]
        runs = [one.result() for one in started]

    assert sum(one.copied for run in runs for one in run) == 200
    assert [run[-1] for run in runs] == [Pass(seen=200, there=200)] * 2


# -- the command -----------------------------------------------------------------------------------

EXPORTS = {"region": REGION, "tableName": NEW, "storageLayout": 2, "earlierTableName": EARLIER}
OF_EARLIER = f"--region {REGION} --table-name {EARLIER}"
BEFORE = {"region": REGION, "tableName": EARLIER, "storageLayout": 1}


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    stand_in = CommandLine(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("ASKED", str(stand_in.asked))
    return stand_in


def never(*_: object, **__: object) -> Any:
    raise AssertionError("nothing is to be deployed")


def test_it_prints_each_pass_and_what_to_do_next(
    tables: Tables,
    pulumi: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps(EXPORTS))
    tables.write(*earlier_release.items(LATER), recording("old", expires_at=1))

    code = main(["--stack", "dev"], never)

    assert (code, capsys.readouterr().out.splitlines()) == (
        0,
        [
            f"from {EARLIER} to {NEW} in {REGION}",
            "pass 1: 7 seen, 6 copied, 0 already there, 1 expired",
            "pass 2: 7 seen, 0 copied, 6 already there, 1 expired",
            "Every recording of the earlier table that has not expired is in the new one.",
            "When you have looked at some recordings, make Pulumi forget the table, and delete it:",
            "  pulumi config rm earlierTable --stack dev",
            "  make deploy STACK=dev",
            f"  aws dynamodb update-table {OF_EARLIER} --no-deletion-protection-enabled",
            f"  aws dynamodb delete-table {OF_EARLIER}",
        ],
    )


class Ended:
    def __init__(self, returncode: int = 0) -> None:
        self.returncode = returncode


def test_a_stack_of_the_release_before_is_deployed_first_with_its_table_kept(
    tables: Tables, pulumi: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps(BEFORE))
    tables.write(*earlier_release.items(LATER))
    ran: list[tuple[list[str], str]] = []

    def run(command: list[str], *, check: bool, env: Mapping[str, str] | None = None) -> Ended:
        ran.append((command, (env or {}).get("STACK", "")))
        monkeypatch.setenv("ANSWER", json.dumps(EXPORTS))
        return Ended()

    code = main(["--stack", "dev"], run)

    assert ran == [
        (["pulumi", "config", "set", "earlierTable", "true", "--stack", "dev"], ""),
        (["make", "--no-print-directory", "deploy"], "dev"),
    ]
    assert (code, tables.held()) == (0, new_items())


@pytest.mark.parametrize("failing", ["pulumi", "make"])
def test_a_failed_deployment_carries_nothing_over(
    tables: Tables,
    pulumi: CommandLine,
    failing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps(BEFORE))
    tables.write(*earlier_release.items(LATER))

    def run(command: list[str], **_: object) -> Ended:
        return Ended(int(command[0] == failing))

    code = main(["--stack", "dev"], run)

    assert (code, tables.held()) == (1, [])
    assert capsys.readouterr().err == "carry_over: not deployed, so nothing was carried over\n"


def test_make_sets_and_deploys_through_its_own_target(tmp_path: Path) -> None:
    stand_in = CommandLine(tmp_path)

    code, asked = stand_in.make("carry-over", "STACK=dev", ANSWER=json.dumps(BEFORE))

    words = [" ".join(one) for one in asked]
    assert words == [
        "stack output --json --stack dev",
        "config set earlierTable true --stack dev",
        "stack output --json --stack dev",
        "stack output --json --stack dev",
        "config rm verifiedReleases --stack dev",
        "up --yes --non-interactive --policy-pack policy --stack dev",
        "stack output --json --stack dev",
    ]
    assert code == 2  # the stand-in still says that the release before runs
    assert f"{EARLIER} is a table of the release before: deploy this one first" in stand_in.said


def test_a_table_that_pulumi_has_forgotten_is_carried_over_by_its_name(
    tables: Tables, pulumi: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps({**EXPORTS, "earlierTableName": ""}))
    tables.write(*earlier_release.items(LATER))

    code = main(["--stack", "dev", "--from", EARLIER], never)

    assert (code, tables.held()) == (0, new_items())


@pytest.mark.parametrize(
    ("exports", "options", "said"),
    [
        ({}, [], "nothing is deployed, so there is nothing to carry over"),
        ({**EXPORTS, "earlierTableName": ""}, [], "the stack keeps no earlier table: it never had"),
        (EXPORTS, ["--from", NEW], "its items have no userId: it is no table of an earlier"),
        (EXPORTS, ["--from", "no-such-table"], "Both tables must be in the Region that the stack"),
        ({**EXPORTS, "region": "us-east-1"}, [], "Both tables must be in the Region that the sta"),
    ],
)
def test_what_cannot_be_carried_over_is_refused_with_a_way_out(
    tables: Tables,
    pulumi: CommandLine,
    exports: dict[str, Any],
    options: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps(exports))
    tables.write(recording("r", owner="user#u"), table=NEW)

    code = main(["--stack", "dev", *options], never)

    assert (code, tables.held()) == (1, [recording("r", owner="user#u")])
    assert said in capsys.readouterr().err


def test_a_stack_that_there_is_not_is_named_by_pulumi(
    pulumi: CommandLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EXIT", "1")

    code = main(["--stack", "nowhere"], never)

    assert code == 1
    assert (
        "carry_over: pulumi stack output --json --stack nowhere failed" in capsys.readouterr().err
    )


DENIED = "User: arn:aws:iam::123456789012:user/jo is not authorized to perform: dynamodb:Scan"


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (
            ClientError({"Error": {"Code": "AccessDeniedException", "Message": DENIED}}, "Scan"),
            f"{DENIED} Your credentials need dynamodb:Scan on the earlier table, and",
        ),
        (
            ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "PutItem"),
            "slow",
        ),
        (EndpointConnectionError(endpoint_url="https://a.example"), "Could not connect"),
        (KeyboardInterrupt(), "interrupted: run it again"),
    ],
)
def test_a_call_that_fails_is_told_in_one_line(
    tables: Tables,
    pulumi: CommandLine,
    failure: BaseException,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANSWER", json.dumps(EXPORTS))

    def fails(_: CarryOver) -> Callable[[], None]:
        raise failure

    monkeypatch.setattr(CarryOver, "run", fails)

    code = main(["--stack", "dev"], never)

    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (1, 1)
    assert said in error
