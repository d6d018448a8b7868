"""What holds for all tests."""

from hypothesis import settings

# A shared machine may stop for a second at any time: speed is measured by the bench.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
