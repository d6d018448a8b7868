"""Reusable Pulumi components that let API Gateway write directly to Kinesis, DynamoDB and S3."""
