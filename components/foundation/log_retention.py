"""The retention periods that CloudWatch Logs offers."""

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def check_log_retention(log_retention_days: int) -> None:
    """Check that CloudWatch Logs offers that number of days.

    Raises:
        ValueError: It does not: AWS would reject the log group in the middle of an update.
    """
    if log_retention_days not in LOG_RETENTION_DAYS:
        offered = ", ".join(str(days) for days in LOG_RETENTION_DAYS)
        raise ValueError(f"log_retention_days must be one of {offered}, got {log_retention_days}")
