"""A display that no one sees, for a browser that cannot do without."""

import os

from tests.browsers.browser import Program, installed


class Display:
    """One Xvfb, which finds a free number itself."""

    def __init__(self) -> None:
        number, announced = os.pipe()
        with os.fdopen(number) as said:
            screen = ["-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
            command = [installed("Xvfb"), "-displayfd", str(announced), *screen]
            self._program = Program(command, pass_fds=(announced,))
            os.close(announced)
            self.name = f":{said.readline().strip()}"

    def close(self) -> None:
        self._program.kill()
