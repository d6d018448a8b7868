"""What the bench makes of many recordings at once; nothing here takes a time."""

from collections import Counter
from itertools import groupby

import pytest

from bench.__main__ import main
from bench.batch import Batch
from bench.sites import SitesResult, Stored
from bench.visits import BATCHES, Step, Visits, at_once, drive, schedule


def stored(
    recordings: int,
    *,
    found: int | None = None,
    failed: int = 0,
    elapsed_s: float = 1.0,
    **more: int,
) -> Stored:
    """Return a run in which every batch is found, unless told otherwise; `_502` counts answers."""
    statuses = Counter({"201": recordings, "200": recordings * BATCHES})
    statuses.update({status.removeprefix("_"): number for status, number in more.items()})
    return Stored(
        visits=Visits(
            recordings=[str(at) for at in range(recordings)],
            elapsed_s=elapsed_s,
            answered_s=[0.01] * statuses.total(),
            statuses=+statuses,
        ),
        found=recordings * BATCHES if found is None else found,
        failed=failed,
        gateway_mb=100,
        cloud_mb=200,
    )


def result(*sites: Stored, stream: Stored | None = None) -> SitesResult:
    through = stream or stored(10, _202=30, _200=-30)
    batch = Batch(body=b"x" * 2_000, events=3, text_bytes=8_000)
    return SitesResult(batch=batch, sites=sites, idle_mb=90, stream=through)


def test_all_recordings_are_open_at_once_and_each_in_its_order() -> None:
    steps = schedule([str(at) for at in range(200)])

    of_one = {
        recording: [number for _, number in its]
        for recording, its in groupby(sorted(steps, key=lambda step: step[0]), lambda step: step[0])
    }
    assert at_once(steps) == 200
    assert of_one == {str(at): [None, 0, 1, 2] for at in range(200)}
    assert steps != sorted(steps, key=lambda step: str(step[1]))


def test_every_step_is_sent_once_by_one_of_the_writers() -> None:
    sent: list[Step] = []

    def send(step: Step) -> str:
        sent.append(step)
        return "200"

    visits = drive(50, lambda: send)

    assert sorted(sent, key=str) == sorted(schedule(visits.recordings), key=str)
    assert visits.statuses == {"200": 50 * (1 + BATCHES)}
    assert len(visits.answered_s) == 200


def test_growth_is_told_in_proportion_to_the_fewest() -> None:
    _, growth, _ = result(stored(100), stored(1_000, elapsed_s=12.0)).tables()

    assert growth.rows == [
        ("100", "1.0", "1.0", "1.00", "1.00", "1.00"),
        ("1,000", "10.0", "12.0", "1.20", "1.00", "1.00"),
    ]


def test_both_ways_stand_beside_each_other() -> None:
    stream = stored(1_000, found=1_500, failed=1_500, _202=3_000, _200=-3_000)

    *_, ways = result(stored(100), stream=stream).tables()

    assert ways.rows == [
        ("straight to S3, a site's", "100", "300", "0", "300", "0", "100%"),
        ("through the stream, users'", "1,000", "3,000", "0", "1,500", "1,500", "50%"),
    ]


def test_what_is_refused_or_lost_or_has_no_partition_is_a_failure() -> None:
    assert result(stored(100)).failures() == []
    assert result(stored(100, found=299, failed=2, _502=1)).failures() == [
        "100 recordings of a site: 1 × 502",
        "100 recordings of a site: 1 of 300 batches are lost",
        "100 recordings of a site: 2 batches had no partition",
    ]


def test_no_recordings_are_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "sites", "--recordings", "0"])

    assert ended.value.code == 2
    assert "--recordings must be at least 1, got 0" in capsys.readouterr().err
