"""Quotas of AWS on the way of a recording, as an account has them before it asks for more."""

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, all APIs of a Region
API_CALLS_A_SECOND = 10_000
# https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
WEB_ACL_CALLS_A_SECOND = 100_000
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
S3_PUTS_A_SECOND = 3_500
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
PARTITION_WRITES_A_SECOND = 1_000
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
NEW_TABLE_WRITES_A_SECOND = 4_000
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
TABLE_WRITES_A_SECOND = 40_000
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
QUERY_PAGE_BYTES = 2**20
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
CLOUDFRONT_CALLS_A_SECOND = 250_000
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in an account
LAMBDA_AT_ONCE = 1_000
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html, in an account
SIGN_INS_A_SECOND = 120
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
SHARD_BATCHES_A_SECOND = 1_000
SHARD_BYTES_A_SECOND = 1_000_000
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html, unless AWS raised it
ACTIVE_PARTITIONS = 500
