"""Facts of the contract and of the code that are written again where nothing can import them."""

import re
from math import prod

import pytest
import yaml

from components.api.parameter import pattern_of
from components.store.batch_templates import MAX_BATCH_BYTES, MAX_RECORD_BYTES
from components.store.stored_objects import ASSET_REUSE_DAYS
from components.watch import cost, prices, quotas
from handlers.stored_bytes import MAX_ANSWERED_BYTES
from operations.preview_stack import MAX_DAYS
from sandbox.gateway.service import INTEGRATION_TIMEOUT_S
from sandbox.gateway.web_acl import SEEN_BYTES
from sandbox.program import PROJECT
from sandbox.website.distribution import MAX_COMPRESSED, MIN_COMPRESSED
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
        ("handlers/request.py", r'_RECORDING_ID = re\.compile\(r"(.+)"\)'),
        ("operations/redrive.py", r'_RECORDING = re\.compile\(r"(.+)"\)'),
        ("web/site/src/routing/route.ts", r"recordings\(\?:\\/\((.+?)\)"),
    ],
)
def test_a_recording_id_has_the_contracts_pattern(place: str, pattern: str) -> None:
    assert stated(place, pattern) == {pattern_of(CONTRACT, "recordingId")}


@pytest.mark.parametrize(
    ("place", "pattern", "parameter"),
    [
        ("handlers/request.py", r'_SITE_ID = re\.compile\(r"(.+)"\)', "siteId"),
        ("handlers/request.py", r'_SHA256 = re\.compile\(r"(.+)"\)', "sha256"),
        ("handlers/numbered_objects.py", r'SITE_SEQUENCE = re\.compile\(r"(.+)"\)', "batchNumber"),
    ],
)
def test_what_the_reader_takes_of_a_site_has_the_contracts_pattern(
    place: str, pattern: str, parameter: str
) -> None:
    assert stated(place, pattern) == {pattern_of(CONTRACT, parameter)}


def test_the_site_s_addresses_name_a_site_as_the_contract_does() -> None:
    found = stated("web/site/src/routing/route.ts", r"sites\\/\((.+?)\)")

    assert found == {pattern_of(CONTRACT, "siteId")}


def test_the_recorder_cuts_texts_to_what_the_contract_takes() -> None:
    cut = stated("web/recorder/src/about-page.ts", r"(\w+: cut\(.+, \d+\))")

    lengths = {one.split(":")[0]: int(one.rsplit(" ", 1)[1].rstrip(")")) for one in cut}
    assert lengths == {
        name: field["maxLength"] for name, field in FIELDS.items() if "maxLength" in field
    }


def test_the_size_of_a_batch_is_stated_as_it_is() -> None:
    assert number("docs/api.md", r"(\d{3},\d{3}) bytes") == MAX_BATCH_BYTES


def test_the_recorder_sends_no_body_that_is_over_a_limit() -> None:
    stream, delivery = (f"web/recorder/src/{one}.ts" for one in ("user-destination", "delivery"))

    assert number(stream, r"MAX_STREAM_BYTES = (.+);") < MAX_BATCH_BYTES
    assert number(delivery, r"MAX_LARGE_BYTES = (.+);") < MAX_PAYLOAD_BYTES
    assert number("web/assets/src/extract.ts", r"MAX_ASSET_BYTES = (.+);") < MAX_PAYLOAD_BYTES


def test_the_largest_screenshot_that_is_answered_is_stated_as_it_is() -> None:
    (megabytes,) = stated("openapi.yaml", r"above ([\d.]+) MB getScreenshot cannot answer")

    assert float(megabytes) * 1_000_000 == MAX_ANSWERED_BYTES
    shown = number("web/site/src/api/recordings.ts", r"MAX_SCREENSHOT_BYTES = (.+);")
    assert shown <= MAX_ANSWERED_BYTES


# -- numbers of the pages under docs/ -------------------------------------------------------------

DEFAULTS = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
DEV = yaml.safe_load((PROJECT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
WORDS: dict[float, str] = {7: "seven", 8: "eight", 12: "twelve"}
SUFFIXES = {".py", ".ts", ".tsx"}


def constant(place: str, name: str) -> float:
    """Return the number that a file, or one file of a folder, gives a constant as a product."""
    line = re.compile(rf"^(?:export )?(?:const )?{name} = ([\d_. *]+);?", re.MULTILINE)
    root = PROJECT / place
    files = [root] if root.is_file() else [one for one in root.rglob("*") if one.suffix in SUFFIXES]
    (product,) = {one for path in files for one in line.findall(path.read_text(encoding="utf-8"))}
    return prod(float(factor.replace("_", "")) for factor in product.split("*"))


def default(key: str) -> int:
    """Return the default of a setting."""
    return DEFAULTS[key]["default"]


RECORDER, SITE, ASSETS = "web/recorder/src", "web/site/src", "web/assets/src"
DAY_MS, MIB = 24 * 3600 * 1000, 1024 * 1024
REUSE_DAYS = WORDS[constant(ASSETS, "MAX_AGE_MS") / DAY_MS]
LONGER_DAYS = WORDS[ASSET_REUSE_DAYS]
KNOWN_HOURS = WORDS[constant(ASSETS, "KNOWN_FOR_MS") / 3_600_000]
BUFFERS = constant("handlers", "PARTITIONING")
PARTITIONS, ALARM_METRICS = quotas.ACTIVE_PARTITIONS, cost.ALARM_METRICS

STATED = {
    "README.md": (
        f"keeps recordings for {DEV['rrweb-store:retentionDays']} days",
        f"`prod` keeps them for {default('retentionDays')} days",
    ),
    "docs/api.md": (
        f"keeps at most {PARTITIONS} partitions open",
        f"takes 1 MB and {quotas.SHARD_BATCHES_A_SECOND:,} batches a second",
        f"limit of {MAX_RECORD_BYTES // 1024:,} KiB",
        f"({default('throttleRate')}, with a burst of {default('throttleBurst')})",
        f"within {BUFFERS * default('firehoseBufferSeconds'):g} seconds",
        f"expire {LONGER_DAYS} days later",
    ),
    "docs/architecture.md": (
        f"for {default('firehoseBufferSeconds')} s or {default('firehoseBufferMib')} MiB by",
    ),
    "docs/assets.md": (
        f"lives {LONGER_DAYS} days longer than a recording",
        f"at most {REUSE_DAYS} days ago",
        f"remembers the answer for {KNOWN_HOURS} hours",
        f"at most {constant(ASSETS, 'MAX_ASSET_BYTES') / 1_000_000:g} MB",
        f"`MIN_ASSET_BYTES`, {constant(ASSETS, 'MIN_ASSET_BYTES') / 1024:g} KiB",
    ),
    "docs/events.md": (
        f"{constant('handlers', 'MAX_BATCH_EVENTS'):,.0f} events",
        f"at most {constant('handlers', 'MAX_LISTED_AGAIN'):g} were given",
        f"{1_000 * constant('handlers', 'MAX_LISTED_PAGES'):,.0f} objects",
        f"{BUFFERS:g} times `firehoseBufferSeconds`",
        f"{constant('handlers', 'DELIVERY_MS') / 1_000:g} seconds",
    ),
    "docs/operations.md": (
        f"${prices.WEB_ACL:g} a month, ${2 * prices.WEB_ACL_RULE:g} for the two rules",
        f"${prices.WEB_ACL_CALL * 1_000_000:.2f} a million requests",
        f"${prices.ALARM_METRIC:.2f} a month for each metric of an alarm, {ALARM_METRICS} in all",
        f"{PARTITIONS} unless AWS raised the limit",
        f"or {MAX_DAYS} days after AWS created its oldest role",
        f"after more than {SEEN_BYTES // 1024} kB of other headers",
    ),
    "docs/recorder.md": (
        f"| {constant(RECORDER, 'DEFAULT_FLUSH_MS'):,.0f} ms |",
        f"| {constant(RECORDER, 'DEFAULT_FLUSH_BYTES'):,.0f} characters of JSON |",
        f"| {constant(RECORDER, 'DEFAULT_MAX_WAITING_BYTES'):,.0f} bytes |",
        f"{constant(RECORDER, 'MAX_KEEPALIVE_BYTES'):,.0f} bytes",
        f"{constant(RECORDER, 'MAX_STREAM_BYTES'):,.0f} bytes",
        f"{constant(RECORDER, 'AHEAD_CHARACTERS'):,.0f} characters",
        f"{constant(RECORDER, 'MAX_CHARACTERS_A_MINUTE') / MIB:g} MiB",
        f"newest {constant(RECORDER, 'MAX_KNOWN'):g}",
        f"{WORDS[constant(f'{RECORDER}/outbox.ts', 'MAX_AGE_MS') / DAY_MS]} days",
    ),
    "docs/site.md": (
        f"{constant(SITE, 'MAX_BEGINNING_BYTES') / 1_000_000:g} MB",
        f"{constant(f'{SITE}/player/stills.ts', 'MAX_NODES_OF_STILL'):,.0f} nodes",
        f"{constant(f'{SITE}/player/sanitize-replay.ts', 'MAX_NODES'):,.0f} nodes",
        f"{constant(SITE, 'MAX_SCREENSHOT_BYTES') / 1_000_000:g} MB",
        f"{constant(SITE, 'MAX_PAGES'):g} pages",
        f"{constant(SITE, 'MAX_HREF_LENGTH'):,.0f} characters",
        f"{constant(f'{SITE}/panels/sorted-rows.ts', 'MAX_ROWS'):,.0f} rows",
        f"{constant(f'{SITE}/panels/sorted-rows.ts', 'MAX_CHARACTERS') / 1_000_000:g} million",
        f"Of up to {constant(f'{SITE}/panels/labels.ts', 'MAX_NODES'):,.0f} nodes",
        f"its details {constant(f'{SITE}/panels/bounded.ts', 'MAX_DETAIL'):,.0f} for each text",
    ),
    "docs/sandbox.md": (
        f"files of {MIN_COMPRESSED:,} to {MAX_COMPRESSED:,} bytes",
        f"other than {INTEGRATION_TIMEOUT_S:g} s for an integration",
        f"stay under {constant(RECORDER, 'MAX_LARGE_BYTES') / 1_000_000:g} million",
    ),
    "Pulumi.yaml": (
        f"about ${ALARM_METRICS * prices.ALARM_METRIC:.2f} a month",
        f"costs about ${prices.SHARD_MONTH:.0f} a month",
        f"for ${prices.WEB_ACL + 2 * prices.WEB_ACL_RULE:g} a month and more",
        f"expire {ASSET_REUSE_DAYS} days later",
    ),
}


def test_chromium_does_without_what_playwright_would_switch_off() -> None:
    quoted = re.compile(r"[\"'](\w+)[\"']")
    (by_playwright,) = stated(
        "web/node_modules/playwright-core/lib/coreBundle.js", r"disabledFeatures = \[([^\]]+)\]"
    )
    (ours,) = stated("web/recorded-session/chromium.mjs", r"BY_PLAYWRIGHT = \[([^\]]+)\]")

    assert quoted.findall(ours) == sorted(quoted.findall(re.sub(r"//.*", "", by_playwright)))


@pytest.mark.parametrize(
    ("page", "text"), [(page, text) for page, texts in STATED.items() for text in texts]
)
def test_a_page_states_a_number_as_it_is(page: str, text: str) -> None:
    assert text in (PROJECT / page).read_text(encoding="utf-8")


def test_the_index_of_decisions_has_each_with_its_number_title_and_status() -> None:
    folder = PROJECT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| \[(\d{4})\]\(((\d{4})-\S+)\) \| (.+) \| .+ \| (.+) \|$", re.MULTILINE)

    listed = row.findall(index)
    assert [number for number, *_ in listed] == [in_name for _, _, in_name, *_ in listed]
    assert len({number for number, *_ in listed}) == len(listed)
    assert {
        name: [f"# {int(number)}. {title}", "", f"Status: {status}"]
        for number, name, _, title, status in listed
    } == {
        path.name: path.read_text(encoding="utf-8").splitlines()[:3]
        for path in folder.glob("[0-9]*.md")
    }
    states = re.compile(r"accepted|(superseded|amended) by \d{4}( and \d{4})*")
    assert [status for *_, status in listed if not states.fullmatch(status)] == []
