"""docs/links.md: its commands do what it says, against programs that note what they are given."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.program import PROJECT
from tests.documents import blocks

PAGE = (PROJECT / "docs" / "links.md").read_text(encoding="utf-8")
LINK = "https://replay.example/sites/shop/recordings/a-1?t=75.0"
STORE = f"""#!{sys.executable}
import json, sys
if sys.argv[1] == "open":
    print({LINK!r})
else:
    print(json.dumps({{"failedRequests": 3, "link": {LINK!r}, "title": "<!channel>"}}))
    print(json.dumps({{"failedRequests": 1, "link": {LINK!r}, "title": "'$(id)"}}))
"""
# jq itself, as the bindings have it; of its options, those that the page uses.
JQ = f"""#!{sys.executable}
import json, sys
import jq
words, names, alone = sys.argv[1:], {{}}, False
while words[0].startswith("-"):
    option = words.pop(0)
    if option == "--arg":
        name, value, *words = words
        names[name] = value
    else:
        alone = alone or "n" in option
values = [None] if alone else [json.loads(line) for line in sys.stdin]
for value in values:
    for found in jq.compile(words[0], args=names).input_value(value):
        print(json.dumps(found))
"""
CURL = f"""#!{sys.executable}
import json, sys
body = sys.argv[sys.argv.index("-d") + 1]
print(json.dumps([sys.stdin.read() if body == "@-" else body, sys.argv[1:]]))
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    for name, text in {"rrweb-store": STORE, "jq": JQ, "curl": CURL}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def calls(programs: Path, heading: str) -> list[tuple[object, list[str]]]:
    """Run a section's commands; return the body and the arguments of each call of curl."""
    (script,) = blocks(PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0], "sh")
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "RECORDING": "a-1",
        "ISSUE": "SHOP-12",
        "SLACK_WEBHOOK": "https://slack.example/hook",
        "JIRA_URL": "https://jira.example",
        "JIRA_USER": "operator",
        "JIRA_TOKEN": "none",
    }
    said = subprocess.run(
        ["sh", "-euc", script], env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    return [(json.loads(body), arguments) for body, arguments in lines]


def test_slack_gets_a_message_for_each_recording_and_nothing_that_a_page_says(
    programs: Path,
) -> None:
    sent = calls(programs, "Slack")

    assert [body for body, _ in sent] == [
        {"text": f"{number} failed requests: <{LINK}|watch>"} for number in (3, 1)
    ]
    assert [arguments[-1] for _, arguments in sent] == ["https://slack.example/hook"] * 2


def test_an_issue_of_jira_gets_one_link_for_a_recording(programs: Path) -> None:
    [(body, arguments)] = calls(programs, "Jira")

    assert body == {"globalId": "replay-a-1", "object": {"url": LINK, "title": "Replay"}}
    assert arguments[-1] == "https://jira.example/rest/api/3/issue/SHOP-12/remotelink"
