"""Prints the tables of docs/costs.md: `python -m operations.costs`. A test compares them."""

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
# A session of a site's visitor, for comparing with products that count sessions.
SESSION_MINUTES = 5
# List prices in US$ a month, as read in 2026.
POSTHOG_FREE, POSTHOG_EACH = 5_000, 0.0050
POSTHOG_SOURCE = "https://flexprice.io/blog/posthog-pricing-guide"
SENTRY_TEAM, SENTRY_INCLUDED, SENTRY_EACH = 26, 50, 0.0029
SENTRY_SOURCE = "https://sentry.io/pricing/"
# On demand, in us-east-1; OpenReplay names it as the least that its services start on.
T3_LARGE_MONTH = 0.0832 * 730
OPENREPLAY_SOURCE = "https://docs.openreplay.com/en/deployment/deploy-docker"


def sessions_cost(sessions: int) -> float:
    """Return US$ for that many sessions, without what stands still."""
    hours = sessions * SESSION_MINUTES / 60
    return monthly_cost(DEFAULTS)["per1000Hours"] * hours / 1_000


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


def comparison_table(sessions: int = 10_000) -> str:
    """Return what a month of so many sessions costs here and elsewhere, in Markdown."""
    standing = monthly_cost(DEFAULTS)["standing"]
    rows = {
        "this store": (
            standing + sessions_cost(sessions),
            f"{standing} stands still; kept for {DEFAULTS.retention_days} days",
        ),
        "PostHog's cloud": (
            max(0, sessions - POSTHOG_FREE) * POSTHOG_EACH,
            f"[{POSTHOG_FREE:,} free, then ${POSTHOG_EACH:.4f} each]({POSTHOG_SOURCE})",
        ),
        "Sentry": (
            SENTRY_TEAM + (sessions - SENTRY_INCLUDED) * SENTRY_EACH,
            f"[Team, {SENTRY_INCLUDED} included, then about ${SENTRY_EACH} each]({SENTRY_SOURCE})",
        ),
        "OpenReplay on a t3.large of yours": (
            T3_LARGE_MONTH,
            f"[the least it starts on]({OPENREPLAY_SOURCE}), without disk and upkeep",
        ),
    }
    lines = [f"| {name} | {price:.2f} | {why} |" for name, (price, why) in rows.items()]
    head = f"| {sessions:,} sessions of {SESSION_MINUTES} minutes a month | US$ | |\n|---|---|---|"
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(f"{batches_table()}\n\n{comparison_table()}")
