"""The computations of the bench, without measuring times or starting a sandbox."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bench import memory, run
from bench.__main__ import main
from bench.appends import AppendsResult, Pair, envelopes
from bench.batch import Batch, batch_of, session_batch
from bench.deployment import DeploymentResult, deployment_cost, measure_deployment
from bench.list_page import ListPageResult
from bench.load import NO_ANSWER, Load, drive
from bench.main_thread import MainThread
from bench.memory import Memory, memory_of
from bench.one_by_one import calls_one_by_one, path_nodes
from bench.percentile import percentile
from bench.recorder import (
    PLUGINS,
    SITE,
    Played,
    RecorderResult,
    complete_play,
    main_threads,
)
from bench.recorder_memory import MemoryResult
from bench.recorder_tasks import TasksResult, Visit
from bench.site import LongestTask, SiteResult
from bench.start import MIB, Start, StartResult
from bench.table import RULE, WIDTH, Table
from tests.engine import WITH_SITE

INTEGRATION: dict[str, Any] = {"responses": {"2\\d{2}": {}, "default": {}}}
BODY: dict[str, Any] = {
    "info": {"title": "notes"},
    "paths": {
        "/notes/{id}": {
            "get": {
                "responses": {"200": {}, "404": {}, "502": {}},
                "x-amazon-apigateway-integration": INTEGRATION,
            },
            "options": {
                "responses": {"204": {}},
                "x-amazon-apigateway-integration": {"responses": {"default": {}}},
            },
        },
        "/notes/{id}/text": {
            "get": {"responses": {"200": {}}, "x-amazon-apigateway-integration": {}},
        },
    },
    "components": {
        "schemas": {"Note": {}, "Problem": {}},
        "securitySchemes": {
            "user": {"x-amazon-apigateway-authorizer": {}},
            "operator": {"x-amazon-apigateway-authtype": "awsSigv4"},
        },
    },
    "x-amazon-apigateway-request-validators": {"all": {}},
    "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {}, "DEFAULT_5XX": {}},
}
ONE_BY_ONE = {
    "CreateRestApi": 1,
    "CreateAuthorizer": 1,
    "CreateModel": 2,
    "CreateRequestValidator": 1,
    "CreateResource": 3,
    "PutMethod": 3,
    "PutMethodResponse": 5,
    "PutIntegration": 3,
    "PutIntegrationResponse": 3,
    "PutGatewayResponse": 2,
}


def load(expected: str, answered_s: list[float], **others: int) -> Load:
    """Return a load of one second; names of other statuses start with an underscore."""
    statuses = Counter({expected: len(answered_s)})
    statuses.update({status.removeprefix("_"): number for status, number in others.items()})
    return Load(expected=expected, elapsed_s=1.0, answered_s=answered_s, statuses=statuses)


def appends(gateway: Load, direct: Load) -> AppendsResult:
    batch = Batch(body=b"x" * 1000, events=3, text_bytes=4000)
    return AppendsResult(batch=batch, pairs=(Pair(writers=1, gateway=gateway, direct=direct),))


@pytest.mark.parametrize(
    ("percent", "expected"), [(1, 1), (50, 50), (50.5, 51), (99, 99), (99.1, 100), (100, 100)]
)
def test_a_percentile_is_the_nearest_value_that_was_measured(
    percent: float, expected: float
) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_the_percentile_of_no_values_is_nan() -> None:
    assert math.isnan(percentile([], 50))


@pytest.mark.parametrize("percent", [0, -1, 100.1])
def test_a_percentile_outside_of_its_range_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match=f"percent must be above 0 and at most 100, got {percent}"):
        percentile([1.0], percent)


def test_numbers_are_aligned_right_and_text_left() -> None:
    table = Table(
        title="Title",
        columns=("<way", ">a second", "<"),
        rows=[("gateway", "7.0", ""), RULE, ("all", "12.5", "met")],
        notes=["A note."],
    )

    assert table.text().splitlines() == [
        "Title",
        "  way      a second",
        "  ----------------------",
        "  gateway       7.0",
        "  ----------------------",
        "  all          12.5  met",
        "  A note.",
    ]


def test_the_last_text_is_wrapped_under_its_own_column() -> None:
    words = "CreateStream, IncreaseStreamRetentionPeriod, StartStreamEncryption"
    lines = Table(
        title="", columns=("<type", "<each"), rows=[("kinesis." + "S" * 40, words)]
    ).text()

    row = lines.splitlines()[3:]
    assert row == [
        f"  kinesis.{'S' * 40}  CreateStream, IncreaseStreamRetentionPeriod,",
        f"{' ' * 52}StartStreamEncryption",
    ]
    assert max(map(len, lines.splitlines())) <= WIDTH


def test_a_word_that_is_too_long_is_not_broken() -> None:
    word = "W" * 2 * WIDTH

    assert word in Table(title="", columns=("<one", "<two"), rows=[("a", word)]).text()


def test_a_note_is_wrapped() -> None:
    table = Table(title="", columns=("<one",), rows=[("a",)], notes=["word " * 50])

    assert max(map(len, table.text().splitlines())) <= WIDTH


def test_every_part_of_an_api_is_a_call_when_it_is_not_imported() -> None:
    assert calls_one_by_one(BODY) == ONE_BY_ONE


def test_a_path_needs_a_resource_for_each_of_its_segments_once() -> None:
    assert path_nodes(["/", "/a", "/a/{id}/b", "/a/{id}/c"]) == {
        "/a",
        "/a/{id}",
        "/a/{id}/b",
        "/a/{id}/c",
    }


def test_the_deployment_and_the_stage_are_counted_either_way() -> None:
    cost = deployment_cost(
        "dev",
        [
            ("aws:apigateway/restApi:RestApi", {"body": json.dumps(BODY)}),
            ("aws:apigateway/deployment:Deployment", {}),
            ("aws:apigateway/stage:Stage", {}),
            ("aws:s3/bucket:Bucket", {}),
            ("aws:s3/bucket:Bucket", {}),
        ],
    )

    stage = {"CreateDeployment": 1, "CreateStage": 1}
    imported = {"CreateRestApi": 1, "PutRestApi": 1, "UpdateRestApi": 1}
    assert cost == DeploymentResult(
        stack="dev",
        resources=Counter(
            {
                "aws:apigateway/restApi:RestApi": 1,
                "aws:apigateway/deployment:Deployment": 1,
                "aws:apigateway/stage:Stage": 1,
                "aws:s3/bucket:Bucket": 2,
            }
        ),
        calls={
            "aws:apigateway/restApi:RestApi": Counter(imported),
            "aws:apigateway/deployment:Deployment": Counter(CreateDeployment=1),
            "aws:apigateway/stage:Stage": Counter(CreateStage=1),
            "aws:s3/bucket:Bucket": Counter(CreateBucket=2),
        },
        one_by_one=ONE_BY_ONE,
    )
    assert cost.rest_api == {**imported, **stage}
    assert cost.rest_api_one_by_one == {**ONE_BY_ONE, **stage}


# Five operations have limits of their own; prod also has an access log.
@pytest.mark.parametrize(("stack", "most"), [("dev", 11), ("prod", 12)])
def test_every_type_of_the_program_is_counted_and_its_api_costs_few_calls(
    stack: str, most: int
) -> None:
    cost = measure_deployment(stack, WITH_SITE)

    assert cost.rest_api.total() <= most
    assert cost.rest_api_one_by_one.total() > 10 * cost.rest_api.total()
    assert all(len(line) <= WIDTH for table in cost.tables() for line in table.text().splitlines())


def test_a_batch_has_the_fewest_events_that_are_large_enough() -> None:
    lines = [json.dumps({"n": number, "text": str(number**50)}).encode() for number in range(99)]

    batch = batch_of(lines, 500)

    assert len(batch.body) >= 500
    assert batch.text_bytes == len(b"\n".join(lines[: batch.events]))
    assert len(batch_of(lines[: batch.events], len(batch.body)).body) == len(batch.body)
    with pytest.raises(ValueError, match=r"lines are less than 500 bytes when gzipped"):
        batch_of(lines[: batch.events - 1], 500)


def test_the_measured_batch_has_about_the_requested_size() -> None:
    assert 10_000 <= len(session_batch(10_000).body) < 11_000


def test_a_direct_record_is_the_envelope_of_the_templates() -> None:
    envelope = envelopes(Batch(body=b"\x1f\x8b", events=1, text_bytes=9), "user", "recording")
    envelope()

    second = json.loads(envelope())
    assert isinstance(second.pop("receivedAtMs"), int)
    assert len(second.pop("requestId")) == 16
    assert second == {
        "userId": "user",
        "recordingId": "recording",
        "sequence": 1,
        "encoding": "gzip",
        "events": "H4s=",
    }


def test_answers_of_all_writers_are_counted_by_status() -> None:
    statuses = {"first": "202", "second": NO_ANSWER}

    together = drive([lambda: statuses["first"], lambda: statuses["second"]], 0, "202")

    assert together.statuses == {"202": 1, NO_ANSWER: 1}
    assert together.others == {NO_ANSWER: 1}
    assert len(together.answered_s) == 1


def test_turns_are_added_up() -> None:
    both = load("202", [0.1, 0.2])
    both.add(load("202", [0.3], _429=2))

    assert both == Load(
        expected="202",
        elapsed_s=2.0,
        answered_s=[0.1, 0.2, 0.3],
        statuses=Counter({"202": 3, "429": 2}),
    )
    assert both.per_second == 1.5


def test_appends_are_shown_beside_the_direct_calls() -> None:
    result = appends(load("202", [0.010, 0.020]), load("200", [0.004, 0.005, 0.005, 0.005]))

    assert result.failures() == []
    assert result.tables()[0].text().splitlines()[:6] == [
        "Appends of one batch of 3 events, 4,000 bytes, 1,000 gzipped",
        "  writers  way               batches/s  p50 ms  p99 ms  answers  refused",
        "  ----------------------------------------------------------------------",
        "        1  gateway                 2.0    10.0    20.0        2        0",
        "           direct                  4.0     5.0     5.0        4        0",
        "           gateway : direct       0.50    2.00    4.00",
    ]


def test_an_unexpected_answer_is_a_failure() -> None:
    result = appends(load("202", [0.01], _429=3, _502=1), load("200", [], _400=2))

    assert result.failures() == [
        "gateway, 1 writer(s): 3 × 429 instead of 202",
        "gateway, 1 writer(s): 1 × 502 instead of 202",
        "direct, 1 writer(s): 2 × 400 instead of 200",
    ]
    assert "nan" in result.tables()[0].text()


def started(sandbox: Memory | None, cloud: Memory | None) -> StartResult:
    parts = {"cloud": 1.0, "program": 7.5}
    one = Start(ready_s=9.5, parts_s=parts, sandbox=sandbox, cloud=cloud)
    slow = Start(ready_s=10.5, parts_s=parts, sandbox=sandbox, cloud=cloud)
    return StartResult(starts=(one, slow))


def test_the_slowest_start_is_held_against_the_aim() -> None:
    assert started(None, None).tables()[0].text().splitlines() == [
        "Start-up, in seconds, each in a fresh process",
        "  part                start 1  start 2      aim",
        "  -----------------------------------------------------",
        "  Python and imports     1.00     2.00",
        "  cloud                  1.00     1.00",
        "  program                7.50     7.50",
        "  -----------------------------------------------------",
        "  ready                  9.50    10.50  < 10.00  MISSED",
    ]


def test_a_start_without_cached_bytecode_has_a_note() -> None:
    slowed = replace(started(None, None), keeps_bytecode=False)

    assert "PYTHONDONTWRITEBYTECODE is set" in slowed.tables()[0].text()


def test_the_memory_of_all_processes_is_compared_with_the_aim() -> None:
    sandbox = Memory(now_bytes=100 * MIB, peak_bytes=110 * MIB, processes=1)
    cloud = Memory(now_bytes=200 * MIB, peak_bytes=300 * MIB, processes=3)

    last = started(sandbox, cloud).tables()[1].text().splitlines()[-2]
    assert last.split() == ["in", "all", "4", "300", "410", "<", "477", "met"]


def test_unreadable_memory_is_reported_as_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "PROC", tmp_path)

    assert memory_of(1, with_children=True) is None
    assert "not measured on this system" in started(None, None).tables()[1].text()


def test_memory_is_that_of_a_process_and_its_descendants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, parent in (("self", 1), ("7", 1), ("8", 7), ("9", 8), ("10", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "status").write_text(f"PPid: {parent}\nVmRSS: 2 kB\nVmHWM: 3 kB\n")
    monkeypatch.setattr(memory, "PROC", tmp_path)

    assert memory_of(7, with_children=True) == Memory(
        now_bytes=3 * 2048, peak_bytes=3 * 3072, processes=3
    )
    assert memory_of(7, with_children=False) == Memory(now_bytes=2048, peak_bytes=3072, processes=1)


@dataclass(frozen=True)
class Found:
    said: str
    wrong: Sequence[str] = ()

    def tables(self) -> Sequence[Table]:
        return [Table(title=self.said, columns=("<one",), rows=[("a",)])]

    def failures(self) -> Sequence[str]:
        return self.wrong


def test_an_unknown_measurement_is_a_usage_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "nothing"])

    assert ended.value.code == 2
    assert "invalid choice: 'nothing'" in capsys.readouterr().err


def test_one_measurement_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"start": lambda: Found("of start"), "appends": lambda: Found("of appends")}
    monkeypatch.setattr(run, "MEASUREMENTS", found)

    assert run.run_bench("appends") == 0
    assert "of appends" in (said := capsys.readouterr().out)
    assert "of start" not in said


def test_failures_are_printed_last_and_set_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {
        "start": lambda: Found("of start", ["too few"]),
        "appends": lambda: Found("of appends"),
    }
    monkeypatch.setattr(run, "MEASUREMENTS", found)

    assert run.run_bench() == 1
    said = capsys.readouterr()
    assert "of appends" in said.out
    assert said.err == "bench: start: too few\n"


def site_result(click_to_live_s: list[float]) -> SiteResult:
    return SiteResult(
        click_to_live_s=click_to_live_s,
        first_frame_s=0.5,
        loaded_s=4.0,
        middle_s=1.25,
        back_s=0.75,
        loading_task=LongestTask(wall_s=0.5, cpu_s=0.1, all_cpu_s=1.0),
        jumping_task=LongestTask(wall_s=0.5, cpu_s=0.3, all_cpu_s=1.0),
        heap_bytes=1,
        events=1,
        text_bytes=1,
    )


def test_each_figure_of_the_site_has_its_aim() -> None:
    (table,) = site_result([1.0] * 90 + [3.5] * 10).tables()

    assert [row[1:] for row in table.rows] == [
        ("3.50", "<= 3 MISSED"),
        ("1.00", ""),
        ("60.00", ""),
        ("0.50", "<= 1.5 met"),
        ("4.00", ""),
        ("1.25", "<= 1 MISSED"),
        ("0.75", "<= 1 met"),
        ("0.10", "<= 0.2 met"),
        ("0.30", "<= 0.2 MISSED"),
    ]


def test_a_click_that_was_never_shown_is_a_failure() -> None:
    assert site_result([1.0] * 100).failures() == []
    assert site_result([1.0] * 99).failures() == ["not every click was shown in the live view"]
    assert site_result([1.0] * 99 + [-5.0]).failures() == [
        "not every click was shown in the live view"
    ]


def test_each_score_of_the_list_page_has_its_aim() -> None:
    points = {
        "mobile": {"performance": 94.4, "accessibility": 100.0, "best-practices": 95.0},
        "desktop": {"performance": 99.0, "accessibility": 100.0},
    }
    result = ListPageResult(
        points=points, lacks={"mobile": ["Speed: 3 s"], "desktop": []}, machine=700
    )

    (table,) = result.tables()

    assert table.rows == [
        ("mobile", "performance", "94", ">= 95 MISSED"),
        ("mobile", "accessibility", "100", ">= 95 met"),
        ("mobile", "best-practices", "95", ">= 95 met"),
        ("desktop", "performance", "99", ">= 95 met"),
        ("desktop", "accessibility", "100", ">= 95 met"),
    ]
    assert table.notes[1:] == ["mobile: Speed: 3 s."]
    assert result.failures() == ["desktop: no score for best-practices"]


def played(
    client: str, requests: int, wire_bytes: int, *missing: str, lossy: int = 0, objects: int = 1
) -> Played:
    return Played(
        client=client,
        requests=requests,
        preflights=0 if client == SITE else 1,
        up_bytes=wire_bytes,
        down_bytes=0,
        bodies=[1000] * requests,
        stored_bytes=1000 * requests,
        objects=objects,
        via_websocket=False,
        main=MainThread(wall_ms=150.0, cpu_ms=132.0 if client == SITE else 140.0),
        script_bytes=30_000,
        missing=missing,
        lossy=lossy,
    )


def recorder_result(
    *others: Played,
    requests: int = 10,
    own_code_bytes: int = 8000,
    site: Played | None = None,
) -> RecorderResult:
    ours, original = played("ours", requests, 1000), played("original", 500, 90_000)
    played_all = [ours, site or played(SITE, 4, 150_000), original, *others]
    return RecorderResult(
        played=played_all,
        plugins=played(PLUGINS, 4, 160_000),
        page=MainThread(wall_ms=100.0, cpu_ms=80.0),
        bare=MainThread(wall_ms=140.0, cpu_ms=130.0),
        own_code_bytes=own_code_bytes,
        memory=memory_result(),
        tasks=TasksResult(visits=[visit()]),
    )


def memory_result(up_mb: int = 0, down_mb: int = 0) -> MemoryResult:
    """Return a heap of 5 MB that grows in the second minute and then stays."""
    start = 5 * 2**20
    grown = {"up": start + up_mb * 2**20, "down": start + down_mb * 2**20}
    return MemoryResult(heaps={way: [start, start, *[heap] * 9] for way, heap in grown.items()})


def visit(ours_ms: float = 50.0, rrweb_ms: float = 100.0, nodes: int = 20_001) -> Visit:
    return Visit(ours_ms=ours_ms, rrweb_ms=rrweb_ms, nodes=nodes)


def test_the_recorder_is_compared_with_the_original_and_the_smallest_other() -> None:
    others = played("openreplay", 9, 4000), played("highlight", 9, 2000)
    figures, aims, *_ = recorder_result(*others).tables()

    assert [row[6:8] for row in figures.rows] == [("50", "60"), ("50", "52"), *[("50", "60")] * 4]
    assert [row[1:] for row in aims.rows] == [
        ("1/50", "<= 1/50 met"),
        ("1/39", "<= 1/10 met"),
        ("0.50", "< 1 met"),
        ("4, 0", "<= 4, 0 met"),
        ("0.0228", "<= 0.032 met"),
        ("150.0", "<= 150 met"),
        ("1.20, 1.04", "<= 1.1 MISSED"),
        ("8,000", "<= 8,000 met"),
    ]
    assert figures.rows[2][0] == "ours, a site, with console and network"
    assert aims.rows[2][0] == "bytes on the wire vs. highlight.run"


def test_missed_aims_of_the_recorder_are_reported() -> None:
    missed = recorder_result(
        played("highlight", 9, 1000),
        requests=60,
        own_code_bytes=8001,
        site=played(SITE, 5, 150_001, objects=3),
    )
    _, aims, *_ = missed.tables()

    assert [row[2].rpartition(" ")[2] for row in aims.rows] == ["MISSED"] * 8


def test_a_heap_may_grow_only_by_the_aim() -> None:
    bounded, unbounded = memory_result(up_mb=5, down_mb=5), memory_result(up_mb=6, down_mb=6)

    assert bounded.table().rows == [
        ("API up", "5.0", "5.0", "10.0", "10.0", "10.0", "at most 5 more met"),
        ("API down", "5.0", "5.0", "10.0", "10.0", "10.0", "at most 5 more met"),
    ]
    assert bounded.failures() == []
    assert unbounded.failures() == [
        "memory was not bounded with the API up",
        "memory was not bounded with the API down",
    ]


def test_the_shortest_of_the_longest_tasks_are_compared() -> None:
    met = TasksResult(visits=[visit(ours_ms=90.0), visit(), visit(rrweb_ms=190.0)])
    missed = TasksResult(visits=[visit(ours_ms=51.0)])

    assert met.table().rows == [
        ("ours", "50", "<= 50 met"),
        ("rrweb's", "100", ""),
        ("ours vs. rrweb's", "0.50", "<= 0.5 met"),
    ]
    assert [row[2] for row in missed.table().rows] == ["<= 50 MISSED", "", "<= 0.5 MISSED"]
    assert missed.failures() == []


def test_a_long_task_of_another_page_or_of_nothing_is_a_failure() -> None:
    small, unseen = visit(nodes=20_000), visit(rrweb_ms=0.0)

    assert TasksResult(visits=[visit(), small]).failures() == [
        "the large page's snapshot had 20,000 nodes"
    ]
    assert TasksResult(visits=[visit(), unseen]).failures() == [
        "the profile of the large page lacks our functions or rrweb's"
    ]
    assert TasksResult(visits=[unseen]).table().rows[2] == (
        "ours vs. rrweb's",
        "nan",
        "<= 0.5 MISSED",
    )


def test_the_main_thread_of_a_recorder_is_the_median_of_its_plays() -> None:
    plays = [("a", 9.0, 3.0), ("b", 1.0, 1.0), ("a", 5.0, 8.0), ("a", 7.0, 4.0)]
    rows = [{"client": name, "taskMs": wall, "cpuMs": cpu} for name, wall, cpu in plays]

    assert main_threads(rows) == {
        "a": MainThread(wall_ms=7.0, cpu_ms=4.0),
        "b": MainThread(wall_ms=1.0, cpu_ms=1.0),
    }


def test_a_recorder_that_did_not_record_is_a_failure() -> None:
    assert recorder_result(played("openreplay", 9, 9)).failures() == []
    assert recorder_result(played("openreplay", 9, 9, "a", "b")).failures() == [
        "@openreplay/tracker did not send the words a, b"
    ]
    assert recorder_result(played("openreplay", 9, 9, "a", lossy=2)).failures() == [
        "@openreplay/tracker did not send the words a in 3 plays"
    ]


def test_each_failure_of_a_part_is_one_of_the_recorder() -> None:
    result = replace(
        recorder_result(played("openreplay", 9, 9, "a")),
        memory=memory_result(up_mb=6),
        tasks=TasksResult(visits=[visit(nodes=0)]),
    )

    assert result.failures() == [
        "@openreplay/tracker did not send the words a",
        "memory was not bounded with the API up",
        "the large page's snapshot had 0 nodes",
    ]


def test_incomplete_plays_are_counted() -> None:
    lossy = recorder_result(played("openreplay", 9, 9, lossy=1), played("highlight", 9, 9))
    figures, *_ = lossy.tables()

    assert figures.notes[5:] == [
        "@openreplay/tracker lost events in 1 of 2 plays; the row shows the complete play."
    ]
    assert lossy.failures() == []


@pytest.mark.parametrize(("good_play", "plays"), [(1, 1), (2, 2), (3, 3), (4, 3)])
def test_an_incomplete_play_is_repeated(good_play: int, plays: int) -> None:
    played_so_far: list[int] = []

    def play() -> dict[str, Any]:
        played_so_far.append(len(played_so_far) + 1)
        return {"missing": [] if len(played_so_far) == good_play else ["a word"]}

    assert complete_play(play)["lossy"] == plays - 1
    assert len(played_so_far) == plays
