"""The rows, one module per service as Pulumi names it."""
