"""The configuration of a pull request's stack."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from components.release.stack_tags import stack_tags
from operations.preview_stack import main
from sandbox.program import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    template = (PROJECT / "Pulumi.pr.yaml").read_text(encoding="utf-8")
    (tmp_path / "Pulumi.pr.yaml").write_text(template, encoding="utf-8")
    return tmp_path


def test_the_file_is_the_template_with_owner_commit_and_last_day(folder: Path) -> None:
    code = main(["--number", "12", "--owner", "jo", "--commit", "abc1234", "--days", "2"], folder)

    template = yaml.safe_load((folder / "Pulumi.pr.yaml").read_text(encoding="utf-8"))
    written = yaml.safe_load((folder / "Pulumi.pr-12.yaml").read_text(encoding="utf-8"))
    until = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    assert code == 0
    assert written["config"] == template["config"] | {
        "rrweb-store:owner": "jo",
        "rrweb-store:commit": "abc1234",
        "rrweb-store:expiresOn": until,
    }


@pytest.mark.parametrize(
    "arguments", [["--number", "x"], ["--number", "../1"], ["--number", "1", "--days", "15"]]
)
def test_an_invalid_number_or_too_many_days_are_refused(arguments: list[str], folder: Path) -> None:
    with pytest.raises(SystemExit):
        main(arguments, folder)

    assert [path.name for path in folder.iterdir()] == ["Pulumi.pr.yaml"]


@pytest.mark.parametrize("value", ["a b", "x" * 129, "$(id)", "ä"])
def test_an_invalid_tag_value_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="owner may hold"):
        stack_tags("rrweb-store", "pr-1", owner=value)


def test_the_last_day_must_be_a_date() -> None:
    with pytest.raises(ValueError, match="expires_on must be a day"):
        stack_tags("rrweb-store", "pr-1", expires_on="tomorrow")


def test_a_bot_s_name_is_changed_to_fit_a_tag(folder: Path) -> None:
    assert main(["--number", "12", "--owner", "dependabot[bot]"], folder) == 0

    written = yaml.safe_load((folder / "Pulumi.pr-12.yaml").read_text(encoding="utf-8"))
    assert written["config"]["rrweb-store:owner"] == "dependabot-bot-"
