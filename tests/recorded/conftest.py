"""Lets pytest say what a check of the table compared."""

import pytest

pytest.register_assert_rewrite(
    "tests.recorded.of_the_api",
    "tests.recorded.of_the_reader",
    "tests.recorded.of_the_sandbox",
    "tests.recorded.of_the_stack",
)
