"""An agent of a user who is signed in."""

import pytest

from tests.cli.agent.caller import Agent
from tests.cli.fake_store import Terminal


@pytest.fixture
def agent(terminal: Terminal) -> Agent:
    return Agent(terminal)
