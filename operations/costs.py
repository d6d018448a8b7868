"""Prints the tables of docs/costs.md and docs/deploy.md: `python -m operations.costs`.

Tests compare them.
"""

from dataclasses import dataclass

from components.watch.cost import (
    API_CALL,
    BATCH_BYTES,
    FIREHOSE_GB,
    FIREHOSE_OBJECT,
    PUT_UNIT,
    S3_GB_MONTH,
    S3_PUT,
    SHARD_MONTH,
    TABLE_WRITE,
    WRITES_A_RECORDING,
    Sizing,
    batches_an_object,
    delivered_gigabytes,
    monthly_cost,
    put_units,
)

MILLION = 1_000_000
# As `Pulumi.yaml` has them.
DEFAULTS = Sizing(
    shards=1, throttle_rate=100, buffer_seconds=60, retention_days=90, has_alarms=False, waf_rules=0
)
# A visitor's session, to compare with products that bill by session.
SESSION_MINUTES = 5
# List prices in US$ a month, as read in 2026.
POSTHOG_FREE, POSTHOG_EACH = 5_000, 0.0050
POSTHOG_SOURCE = "https://flexprice.io/blog/posthog-pricing-guide"
SENTRY_TEAM, SENTRY_INCLUDED, SENTRY_EACH = 26, 50, 0.0029
SENTRY_SOURCE = "https://sentry.io/pricing/"
# https://aws.amazon.com/lambda/pricing/, on arm64
LAMBDA_CALL, LAMBDA_GB_SECOND = 0.20 / MILLION, 0.0000133334
# https://aws.amazon.com/cognito/pricing/, Essentials, above 10,000 a month
ACTIVE_USER = 0.015
HOURS_A_MONTH = 730


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one run of the end-to-end tests sends to a stack."""

    calls: int = 0
    reads: int = 0
    """Calls that the Lambda answers."""
    batches: int = 0
    """Calls that go through Kinesis and Firehose."""
    objects: int = 0
    """Objects that Firehose or a client writes."""
    recordings: int = 0
    stored_bytes: int = 0


# More than tests/e2e/spending.py counts, since a run on AWS waits for real deliveries.
END_TO_END = Sent(
    calls=10_000,
    reads=5_000,
    batches=1_000,
    objects=1_500,
    recordings=500,
    stored_bytes=100 * MILLION,
)
# On demand, in us-east-1: the smallest instance that OpenReplay supports.
T3_LARGE_MONTH = 0.0832 * HOURS_A_MONTH
OPENREPLAY_SOURCE = "https://docs.openreplay.com/en/deployment/deploy-docker"


def sessions_cost(sessions: int) -> float:
    """Return the price in US$ of that many sessions, without the standing cost."""
    hours = sessions * SESSION_MINUTES / 60
    return monthly_cost(DEFAULTS)["per1000Hours"] * hours / 1_000


def batches_table() -> str:
    """Return the price of a million batches, by service, as a Markdown table."""
    firehose = delivered_gigabytes(MILLION) * FIREHOSE_GB
    together = batches_an_object(DEFAULTS.buffer_seconds)
    objects = MILLION / together * (FIREHOSE_OBJECT + S3_PUT)
    rows = {
        "API Gateway": MILLION * API_CALL,
        "Kinesis PUT units": put_units(MILLION) * PUT_UNIT,
        "Firehose, with partitioning": firehose,
        f"objects in S3, at {together:g} batches an object": objects,
    }
    lines = [f"| {name} | {price:.2f} |" for name, price in rows.items()]
    head = f"| for a million batches of {BATCH_BYTES / 1_000:.0f} kB | US$ |\n|---|---|"
    return "\n".join([head, *lines])


def comparison_table(sessions: int = 10_000) -> str:
    """Return the price of a month of so many sessions, here and elsewhere, as a Markdown table."""
    standing = monthly_cost(DEFAULTS)["standing"]
    rows = {
        "this store": (
            standing + sessions_cost(sessions),
            f"{standing} fixed; kept for {DEFAULTS.retention_days} days",
        ),
        "PostHog's cloud": (
            max(0, sessions - POSTHOG_FREE) * POSTHOG_EACH,
            f"[{POSTHOG_FREE:,} free, then ${POSTHOG_EACH:.4f} each]({POSTHOG_SOURCE})",
        ),
        "Sentry": (
            SENTRY_TEAM + (sessions - SENTRY_INCLUDED) * SENTRY_EACH,
            f"[Team, {SENTRY_INCLUDED} included, then about ${SENTRY_EACH} each]({SENTRY_SOURCE})",
        ),
        "OpenReplay on your own t3.large": (
            T3_LARGE_MONTH,
            f"[the least it starts on]({OPENREPLAY_SOURCE}), without disk and upkeep",
        ),
    }
    lines = [f"| {name} | {price:.2f} | {terms} |" for name, (price, terms) in rows.items()]
    head = f"| {sessions:,} sessions of {SESSION_MINUTES} minutes a month | US$ | |\n|---|---|---|"
    return "\n".join([head, *lines])


def end_to_end_table(sent: Sent = END_TO_END) -> str:
    """Return the highest price of one run of the end-to-end tests, as a Markdown table."""
    stream = put_units(sent.batches) * PUT_UNIT + delivered_gigabytes(sent.batches) * FIREHOSE_GB
    megabytes = sent.stored_bytes // MILLION
    objects = sent.objects * (FIREHOSE_OBJECT + S3_PUT) + sent.stored_bytes / 2**30 * S3_GB_MONTH
    rows = {
        f"{sent.calls:,} calls of the API": sent.calls * API_CALL,
        f"{sent.reads:,} calls of the Lambda, of a second and 1 GB each": sent.reads
        * (LAMBDA_CALL + LAMBDA_GB_SECOND),
        f"{sent.batches:,} batches through Kinesis and Firehose": stream,
        f"{sent.objects:,} objects in S3, {megabytes} MB for 30 days": objects,
        f"{sent.recordings:,} recordings in DynamoDB": sent.recordings
        * WRITES_A_RECORDING
        * TABLE_WRITE,
        "2 users of Cognito, above 10,000 that are active in the month": 2 * ACTIVE_USER,
    }
    lines = [f"| {name} | {price:.3f} |" for name, price in rows.items()]
    hour = SHARD_MONTH / HOURS_A_MONTH
    return "\n".join(
        [
            "| for one run, at most | US$ |\n|---|---|",
            *lines,
            f"| together | {sum(rows.values()):.2f} |",
            f"| each hour that the stack stands, by its shard | {hour:.3f} |",
        ]
    )


if __name__ == "__main__":
    print(f"{batches_table()}\n\n{comparison_table()}\n\n{end_to_end_table()}")
