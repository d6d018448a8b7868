"""Facts of the contract that are written again where nothing can import them."""

import re

import pytest

from components.api.parameter import pattern_of
from components.store.batch_templates import MAX_BATCH_BYTES
from handlers.get_screenshot import MAX_SCREENSHOT_BYTES
from sandbox.program import PROJECT
from tests.contract import CONTRACT

# API Gateway's limit is written as 10 MB, and AWS does not say which of the two it means.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_PAYLOAD_BYTES = 10_000_000
FIELDS = CONTRACT["components"]["schemas"]["NewRecording"]["properties"]


def stated(place: str, pattern: str) -> set[str]:
    """Return what the pattern's group finds in a file, at least once."""
    found = set(re.findall(pattern, (PROJECT / place).read_text(encoding="utf-8")))
    assert found, f"{place} says nothing of the form {pattern}"
    return found


def number(place: str, pattern: str) -> int:
    """Return the one number that the pattern's group finds in a file."""
    (found,) = stated(place, pattern)
    return int(re.sub(r"[_,]", "", found))


@pytest.mark.parametrize(
    ("place", "pattern"),
    [
        ("handlers/get_events.py", r'_RECORDING_ID = re\.compile\(r"(.+)"\)'),
        ("operations/redrive.py", r'_RECORDING = re\.compile\(r"(.+)"\)'),
        ("web/site/src/routing/route.ts", r"recordings\\/\((.+?)\)"),
    ],
)
def test_a_recording_id_has_the_contracts_pattern(place: str, pattern: str) -> None:
    assert stated(place, pattern) == {pattern_of(CONTRACT, "recordingId")}


def test_the_recorder_cuts_texts_to_what_the_contract_takes() -> None:
    cut = stated("web/recorder/src/about-page.ts", r"(\w+: cut\(.+, \d+\))")

    lengths = {one.split(":")[0]: int(one.rsplit(" ", 1)[1].rstrip(")")) for one in cut}
    assert lengths == {
        name: field["maxLength"] for name, field in FIELDS.items() if "maxLength" in field
    }


@pytest.mark.parametrize("place", ["openapi.yaml", "docs/api.md", "docs/events.md"])
def test_the_size_of_a_batch_is_stated_as_it_is(place: str) -> None:
    assert number(place, r"(\d{3},\d{3}) bytes") == MAX_BATCH_BYTES


def test_the_recorder_sends_no_body_that_is_over_a_limit() -> None:
    delivery = "web/recorder/src/delivery.ts"

    assert number(delivery, r"MAX_STREAM_BYTES = (.+);") < MAX_BATCH_BYTES
    assert number(delivery, r"MAX_LARGE_BYTES = (.+);") < MAX_PAYLOAD_BYTES
    assert number("web/assets/src/extract.ts", r"MAX_ASSET_BYTES = (.+);") < MAX_PAYLOAD_BYTES


def test_the_largest_screenshot_that_is_answered_is_stated_as_it_is() -> None:
    (megabytes,) = stated("openapi.yaml", r"above ([\d.]+) MB getScreenshot cannot answer")

    assert float(megabytes) * 1_000_000 == MAX_SCREENSHOT_BYTES
    shown = number("web/site/src/api/recordings.ts", r"MAX_SCREENSHOT_BYTES = (.+);")
    assert shown <= MAX_SCREENSHOT_BYTES
