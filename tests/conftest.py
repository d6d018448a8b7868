"""What holds for all tests."""

import fcntl
import functools
import gc
import os
import ssl
import subprocess

import pytest
import yaml
from hypothesis import settings

from sandbox.program import PROJECT

# A shared machine may stop for a second at any time: speed is measured by the bench.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# Of `make check`; `make test` tries Hypothesis' usual 100.
settings.register_profile("quick", deadline=None, max_examples=10)

# `yaml.safe_load` with libyaml's parser, which takes an eighth of the time.
yaml.SafeLoader = yaml.CSafeLoader  # pyrefly: ignore[bad-assignment]

# Each client of httpx reads the certificate authorities, which takes longer than most tests.
ssl.create_default_context = functools.cache(ssl.create_default_context)

# Until all tests are imported, nothing of what the collector would walk through is garbage.
gc.disable()
# A program of Pulumi makes hundreds of thousands of objects, and most tests run one or more.
# By default those are walked through after each 700 new ones, which takes a sixth of the time.
gc.set_threshold(50_000)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported, which it would walk through each time."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def web_build(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Build the site and the recorder unless they are, once for all workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    with ((folder.parent if is_worker else folder) / "web-build").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock.fileno()).st_size == 0:
            subprocess.run(["make", "site"], cwd=PROJECT, check=True, timeout=300)
            lock.write("built")
