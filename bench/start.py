"""How long the sandbox takes to start, and how much memory it uses then."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bench.fresh import Fresh, fresh_sandbox
from bench.memory import Memory, memory_of
from bench.table import RULE, Table, verdict

STARTS = 3
READY_AIM_S = 10.0
MEMORY_AIM_MB = 500
MIB = 1024 * 1024
COMPILED_ANEW = (
    "PYTHONDONTWRITEBYTECODE is set: what was not compiled when it was installed is compiled at "
    "each start."
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """One start in a fresh process."""

    ready_s: float
    parts_s: dict[str, float]
    sandbox: Memory | None
    """None where the system does not tell."""
    cloud: Memory | None

    @property
    def imports_s(self) -> float:
        """What is left: Python itself, and reading the modules."""
        return self.ready_s - sum(self.parts_s.values())


@dataclass(frozen=True, kw_only=True)
class StartResult:
    starts: tuple[Start, ...]
    keeps_bytecode: bool = True
    """Whether Python may keep its bytecode for the next start."""

    def tables(self) -> Sequence[Table]:
        return [self._times(), self._memory()]

    def failures(self) -> Sequence[str]:
        return []

    def _times(self) -> Table:
        parts = [
            ("Python and imports", *(_seconds(one.imports_s) for one in self.starts), "", ""),
            *(
                (part, *(_seconds(one.parts_s[part]) for one in self.starts), "", "")
                for part in self.starts[0].parts_s
            ),
        ]
        met = max(one.ready_s for one in self.starts) < READY_AIM_S
        ready = [_seconds(one.ready_s) for one in self.starts]
        return Table(
            title="Start-up, in seconds, each in a fresh process",
            columns=(
                "<part",
                *(f">start {number + 1}" for number in range(len(self.starts))),
                ">aim",
                "<",
            ),
            rows=[
                *parts,
                RULE,
                ("ready", *ready, f"< {READY_AIM_S:.2f}", verdict(met=met)),
            ],
            notes=[] if self.keeps_bytecode else [COMPILED_ANEW],
        )

    def _memory(self) -> Table:
        title = "Memory when ready (RSS), in MiB, of the largest start"
        columns = ("<of", ">processes", ">now", ">peak", ">aim", "<")
        found = [(one.sandbox, one.cloud) for one in self.starts if one.sandbox and one.cloud]
        if not found:
            unknown = "not measured on this system"
            return Table(title=title, columns=columns, rows=[(unknown, "", "", "", "", "")])
        sandbox, cloud = max(found, key=lambda pair: pair[0].peak_bytes + pair[1].peak_bytes)
        peak_bytes = sandbox.peak_bytes + cloud.peak_bytes
        aim = f"< {MEMORY_AIM_MB * 1_000_000 / MIB:.0f}"
        met = peak_bytes < MEMORY_AIM_MB * 1_000_000
        return Table(
            title=title,
            columns=columns,
            rows=[
                ("sandbox", *_mib(sandbox), "", ""),
                ("MiniStack and its children", *_mib(cloud), "", ""),
                RULE,
                (
                    "in all",
                    str(sandbox.processes + cloud.processes),
                    f"{(sandbox.now_bytes + cloud.now_bytes) / MIB:.0f}",
                    f"{peak_bytes / MIB:.0f}",
                    aim,
                    verdict(met=met),
                ),
            ],
            notes=[f"The aim is {MEMORY_AIM_MB} MB. Pages that processes share count for each."],
        )


def measure_start() -> StartResult:
    """Return how the sandbox of the stack `dev` starts, several times."""
    return StartResult(
        starts=tuple(_start() for _ in range(STARTS)), keeps_bytecode=not sys.dont_write_bytecode
    )


def _start() -> Start:
    with fresh_sandbox() as sandbox:
        return Start(
            ready_s=sandbox.ready_s,
            parts_s=sandbox.start_s,
            sandbox=_memory_of(sandbox, cloud=False),
            cloud=_memory_of(sandbox, cloud=True),
        )


def _memory_of(sandbox: Fresh, *, cloud: bool) -> Memory | None:
    return memory_of(sandbox.cloud_process_id if cloud else sandbox.process_id, with_children=cloud)


def _seconds(value: float) -> str:
    return f"{value:.2f}"


def _mib(memory: Memory) -> tuple[str, str, str]:
    return (
        str(memory.processes),
        f"{memory.now_bytes / MIB:.0f}",
        f"{memory.peak_bytes / MIB:.0f}",
    )
