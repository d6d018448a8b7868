"""Prints README's tables of what it costs: `python -m operations.costs`. A test compares them."""

from components.cost import (
    API_CALL,
    BATCH_BYTES,
    FIREHOSE_GB,
    FIREHOSE_OBJECT,
    PUT_UNIT,
    S3_PUT,
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
# List prices in US$ a month, as read in 2026.
POSTHOG_FREE, POSTHOG_EACH = 5_000, 0.0050
POSTHOG_SOURCE = "https://flexprice.io/blog/posthog-pricing-guide"
SENTRY_TEAM, SENTRY_INCLUDED = 26, 50
SENTRY_SOURCE = "https://sentry.io/pricing/"


def batches_table() -> str:
    """Return what a million batches cost, by service, in Markdown."""
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


def comparison_table() -> str:
    """Return what this store costs beside the hosted products' list prices, in Markdown."""
    cost = monthly_cost(DEFAULTS)
    sessions = 10_000
    posthog = (sessions - POSTHOG_FREE) * POSTHOG_EACH
    free = f"{POSTHOG_FREE:,} free, then ${POSTHOG_EACH:.4f} each"
    kept, team = f"kept for {DEFAULTS.retention_days} days", "Team, the smallest paid plan"
    return "\n".join(
        [
            "| what | US$ | |\n|---|---|---|",
            f"| standing still, this store | {cost['standing']:.2f} | one shard |",
            f"| a thousand recorded hours, this store | {cost['per1000Hours']:.2f} | {kept} |",
            f"| {sessions:,} sessions, PostHog | {posthog:.0f} | [{free}]({POSTHOG_SOURCE}) |",
            f"| {SENTRY_INCLUDED} sessions, Sentry | {SENTRY_TEAM} | [{team}]({SENTRY_SOURCE}) |",
        ]
    )


if __name__ == "__main__":
    print(f"{batches_table()}\n\n{comparison_table()}")
