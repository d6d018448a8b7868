"""List prices of AWS in US$ and their units: us-east-1, before free tiers, as read in 2026."""

from collections.abc import Sequence
from math import inf

# https://aws.amazon.com/api-gateway/pricing/
API_CALL = 3.50 / 1_000_000
# By calls of a month, up to so many at each price.
API_CALL_TIERS = (
    (333_000_000, API_CALL),
    (1_000_000_000, 2.80 / 1_000_000),
    (20_000_000_000, 2.38 / 1_000_000),
    (inf, 1.51 / 1_000_000),
)
# https://aws.amazon.com/kinesis/data-streams/pricing/
SHARD_MONTH = 10.95
PUT_UNIT = 0.014 / 1_000_000
PUT_UNIT_BYTES = 25_000
# https://aws.amazon.com/firehose/pricing/, delivery and dynamic partitioning
FIREHOSE_GB = 0.029 + 0.020
FIREHOSE_OBJECT = 0.005 / 1_000
FIREHOSE_RECORD_BYTES = 5 * 1024
# https://aws.amazon.com/s3/pricing/
S3_PUT = 0.005 / 1_000
S3_GB_MONTH = 0.023
S3_GB_MONTH_TIERS = ((50 * 1024, S3_GB_MONTH), (500 * 1024, 0.022), (inf, 0.021))
# https://aws.amazon.com/dynamodb/pricing/on-demand/
TABLE_WRITE = 0.625 / 1_000_000
TABLE_READ = 0.125 / 1_000_000
# Of one request unit, where a read may be as old as an index is.
TABLE_READ_BYTES = 2 * 4 * 1024
# https://aws.amazon.com/cloudwatch/pricing/
ALARM_METRIC = 0.10
# https://aws.amazon.com/waf/pricing/
WEB_ACL, WEB_ACL_RULE, WEB_ACL_CALL = 5.0, 1.0, 0.60 / 1_000_000
# https://aws.amazon.com/cloudfront/pricing/, to Europe and North America
CLOUDFRONT_CALL, CLOUDFRONT_GB = 0.010 / 10_000, 0.085

GB = 2**30


def tiered(quantity: float, tiers: Sequence[tuple[float, float]]) -> float:
    """Return the price of a quantity, each part of it at the price of its tier.

    >>> tiered(15, [(10, 3.0), (inf, 2.0)])
    40.0
    """
    price, below = 0.0, 0.0
    for upper, each in tiers:
        price += max(0.0, min(quantity, upper) - below) * each
        below = upper
    return price
