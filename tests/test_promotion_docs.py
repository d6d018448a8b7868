"""docs/promotion.md: its commands exist, and what it says that they print, they print."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from components.release.promotion import REASONS, PromotionArgs, PromotionError, promoted
from operations.main_commit import CommitError, main_commit
from operations.recorded_by import warning_of
from operations.verified import KEPT, NotProvenError, main, running, with_proven
from sandbox.program import PROJECT
from tests.documents import blocks, commands_in, unknown_to_make

DOCUMENT = (PROJECT / "docs" / "promotion.md").read_text(encoding="utf-8")
COMMANDS = commands_in(DOCUMENT)
PRINTED = blocks(DOCUMENT, "text")
DEV = "organization/rrweb-store/dev"
PROD = "organization/rrweb-store/prod"
OLD, NEW, THIRD = "r0b7be3cf1d2a4e55", "r52f1c0de9a7b3341", "r9d1e4f0a6c2b8873"


def refusal(verified: list[str], *, runs: str = NEW, layout: int = 2) -> str:
    """Return what is said to a prod whose recordings lie by layout 1."""
    args = PromotionArgs(promote_from=DEV, stack=PROD, release=NEW, storage_layout=layout)
    own = {"storageLayout": 1.0}
    with pytest.raises(PromotionError) as refused:
        promoted(args, {"release": runs, "verifiedReleases": verified}, own)
    return str(refused.value)


def rows(*columns: str) -> dict[str, str]:
    """Return the first two columns of the table of that head, without their quotes."""
    table = DOCUMENT.split(f"| {' | '.join(columns)} |\n", 1)[1].split("\n\n", 1)[0]
    cells = [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in table.splitlines()[1:]]
    return {row[0]: row[1] for row in cells}


def test_every_command_is_one_that_there_is() -> None:
    programs = {words[0] for words in COMMANDS}

    assert programs == {"git", "make", "pulumi", "python"}
    assert unknown_to_make([words[1:] for words in COMMANDS if words[0] == "make"]) == []
    pulumi = {" ".join(words[1:3]) for words in COMMANDS if words[0] == "pulumi"}
    assert pulumi <= {"config set", "stack init"}


def test_make_would_be_found_to_lack_a_target_or_a_variable() -> None:
    calls = [["promote", "STACK=prod"], ["deploy", "PLANS=x"], ["ephemeral", "PR=12"]]

    assert unknown_to_make(calls) == ["promote", "PLANS=x"]


def test_the_releases_that_are_kept_are_printed_as_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"verifiedReleases": [NEW, OLD]}), encoding="utf-8")

    main(["keep", "--outputs", str(outputs)], Mock(return_value=Mock(returncode=0)))

    assert capsys.readouterr().out == PRINTED[0]
    assert ("The last ten releases are kept." in DOCUMENT) is (KEPT == 10)


def test_a_refusal_is_printed_as_it_says() -> None:
    assert PRINTED[1] == f"{refusal([], runs=OLD, layout=1)}\n"


def test_each_reason_has_its_row_with_what_is_said() -> None:
    told = rows("reason", "message", "remedy")

    said = refusal([], runs=OLD)

    assert tuple(told) == REASONS
    in_program = [reason for reason in REASONS if reason != "contract"]
    assert [f"  {reason}: {told[reason].rstrip('.')}" for reason in in_program] == [
        line.rstrip(".") for line in said.splitlines()[1:-1]
    ]


def test_each_refusal_to_mark_has_its_row() -> None:
    told = rows("message", "cause", "remedy")

    with pytest.raises(NotProvenError) as another_checkout:
        running({"release": OLD}, NEW)
    with pytest.raises(NotProvenError) as deployed_meanwhile:
        with_proven({"release": THIRD}, NEW)

    first, second, *_ = told
    assert str(another_checkout.value).startswith(first)
    assert str(deployed_meanwhile.value).startswith(second)


def test_what_is_said_of_recordings_is_said_in_full(tmp_path: Path) -> None:
    has_none = warning_of(tmp_path, NEW)

    assert f"| `recorded-by: {has_none}` |" in DOCUMENT


def test_each_commit_that_is_refused_has_its_row() -> None:
    full = "0123456789abcdef0123456789abcdef01234567"
    said: list[str] = []
    for asked in ("0123abc", full):
        with pytest.raises(CommitError) as refused:
            main_commit(asked, head=full, in_main=())
        said.append(str(refused.value))

    assert [line for line in said if f"\n| `{line}` | " not in DOCUMENT] == []
