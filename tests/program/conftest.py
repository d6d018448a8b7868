"""The program, as each of its stacks registers it."""

import pytest

from components.api.contract import Document
from tests.engine import Engine, deploy_program
from tests.program.given import body_of


@pytest.fixture(params=["dev", "prod", "pr"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Return what the program registers in the stack."""
    return deploy_program(request.param)


@pytest.fixture
def body(engine: Engine) -> Document:
    """Return the OpenAPI document that the stack's API is imported from."""
    return body_of(engine)
