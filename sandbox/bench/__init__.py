"""Measures the sandbox and the program: `python -m sandbox bench`, which prints tables.

A measurement is one module with one public function `measure_…` that returns a `Result`. To add
one, write its module, and name it here and in `run.py`.
"""

NAMES = (
    *("start", "appends", "deployment", "reading", "assets", "freshness"),
    *("site", "list-page", "recorder"),
)
"""What `--only` takes; here, so that the command line need not import the measurements."""
