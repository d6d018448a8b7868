"""How the sandbox runs the program."""

import asyncio

import pulumi

from tests.engine import deploy


class Late(pulumi.ComponentResource):
    """A component whose outputs are known after those of the stack."""

    def __init__(self) -> None:
        super().__init__("test:index:Late", "late")
        self.register_outputs({"own": pulumi.Output.from_input(asyncio.sleep(0.3, "own"))})


def test_exports_are_those_of_the_stack_whatever_a_component_says_later() -> None:
    def program() -> None:
        Late()
        pulumi.export("answer", 42)

    assert deploy(program).exports == {"answer": 42.0}
