"""AWS imitated on one machine: runs this project's own `__main__.py` without an account."""
