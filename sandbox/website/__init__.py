"""A CloudFront: serves one distribution out of its bucket, as its resources say."""
