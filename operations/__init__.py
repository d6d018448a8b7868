"""What an operator runs against a deployed stack: `python -m operations.<name>`."""
