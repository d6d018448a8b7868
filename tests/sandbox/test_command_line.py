"""The commands `serve` and `token`: as processes, except for what is refused at once."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import listeners
from sandbox.__main__ import main
from sandbox.deployment import DeploymentError
from sandbox.server import Sandbox
from sandbox.serving import running_cloud_token
from tests.engine import deploy_program

PROJECT = Path(__file__).parents[2]
# Fixture files, on any free port.
SITE = ("--site", str(PROJECT / "tests" / "data" / "site"), "--site-port", "0")
COMMAND = [sys.executable, "-m", "sandbox"]
START_S = 240.0
END_S = 120.0
SIGN_IN = "sign in as demo@sandbox.example with sandbox-only-password"
SHOP = "a shop of another origin, whose script tag records its visitors"
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+\n")
EVENTS = '{"n":1}\n{"n":2}'

PROC = Path("/proc")
needs_proc = pytest.mark.skipif(
    not (PROC / "self" / "stat").exists(), reason="/proc is not available"
)


@dataclass(frozen=True)
class Process:
    """A process, identified by id and start time, since ids are reused."""

    pid: int
    started: str
    parent: int = field(compare=False)
    """Changes when the first parent ends."""
    command: str = field(compare=False)

    @property
    def runs(self) -> bool:
        return process_of(self.pid) == self


def process_of(pid: int) -> Process | None:
    """Return the running process of that id."""
    try:
        # Fields after the name, which may contain anything: state, parent, …, start time (20th).
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else Process(pid, fields[19], int(fields[1]), command)


def family(pid: int) -> set[Process]:
    """Return a process and all its descendants; empty without /proc."""
    ids = [int(path.name) for path in PROC.glob("[0-9]*")]
    running = [one for one in map(process_of, ids) if one]
    found = {one for one in running if one.pid == pid}
    while (
        more := {one for one in running if one.parent in {parent.pid for parent in found}} - found
    ):
        found |= more
    return found


def listening(processes: set[Process]) -> set[tuple[str, int]]:
    """Return host and port of each TCP socket on which one of the processes listens."""
    opened = {
        str(descriptor.readlink())
        for one in processes
        for descriptor in (PROC / str(one.pid) / "fd").iterdir()
        if descriptor.is_symlink()
    }
    found: set[tuple[str, int]] = set()
    for table, kind in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        file = PROC / "net" / table
        for line in file.read_text().splitlines()[1:] if file.exists() else []:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in opened:
                host, port = columns[1].split(":")
                words = [host[start : start + 8] for start in range(0, len(host), 8)]
                packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
                found.add((socket.inet_ntop(kind, packed), int(port, 16)))
    return found


def answers(port: int) -> bool:
    """Return whether the port accepts connections."""
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


@dataclass(frozen=True)
class Ended:
    """The exit of a sandbox, and what remains of it."""

    exit_code: int
    stderr: str
    processes: list[str]
    """Command lines of processes that still run."""
    ports: list[int]
    """Ports that still accept connections."""
    files: list[str]
    """Files in its folder that mark it as served."""


WELL_ENDED = Ended(exit_code=0, stderr="ended\n", processes=[], ports=[], files=[])


@dataclass
class Serve:
    """A started `python -m sandbox serve`."""

    process: subprocess.Popen[bytes]
    folder: Path
    out: Path
    err: Path
    processes: set[Process] = field(default_factory=set[Process])
    """All processes that `collect_processes` has found."""

    def collect_processes(self) -> None:
        for one in {*self.processes, *family(self.process.pid)}:
            self.processes |= {one, *family(one.pid)}

    @property
    def outputs(self) -> dict[str, Any]:
        return json.loads((self.folder / "outputs.json").read_text())

    @property
    def port(self) -> int:
        return httpx.URL(self.outputs["apiUrl"]).port or 0

    @property
    def shop_url(self) -> str:
        return self.out.read_text().split()[1]

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.err.read_text()
        return "Ctrl-C ends it." in self.out.read_text()

    def token(self, name: str) -> str:
        return running_cloud_token(self.folder, name)  # like `token`, without a process

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.outputs["apiUrl"],
            headers={"Authorization": f"Bearer {token}"},
            timeout=40,
        )

    def end(self, *signals: signal.Signals) -> Ended:
        """Send the signals, one right after the other, and return how it ended."""
        self.collect_processes()
        urls = (self.outputs["siteUrl"], self.shop_url, (self.folder / "endpoint").read_text())
        ports = [self.port, *(httpx.URL(url).port or 0 for url in urls)]
        assert list(map(answers, ports)) == [True] * 4
        return self.ended_by(*signals, ports=ports)

    def ended_by(self, *signals: signal.Signals, ports: list[int]) -> Ended:
        for number in signals:
            self.process.send_signal(number)
            time.sleep(0.02)  # the kernel merges equal pending signals
        code = self.process.wait(END_S)
        if code < 0:  # killed: its children notice that later
            wait_until(lambda: not any(one.runs for one in self.processes), END_S, "all ended")
        return Ended(
            exit_code=code,
            stderr=self.err.read_text(),
            processes=[one.command for one in self.processes if one.runs],
            ports=[port for port in ports if answers(port)],
            files=sorted({"outputs.json", "endpoint"} & set(names_in(self.folder))),
        )


@contextmanager
def default_action(number: int) -> Generator[None]:
    """Restore a signal's default action for new processes: nohup ignores SIGHUP."""
    before = signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def started(folder: Path, *options: str) -> Generator[Serve]:
    """Yield a `serve` that has just started, with a relative path as its folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    out, err = (folder.with_suffix(suffix) for suffix in (".out", ".err"))
    with out.open("wb") as said, err.open("wb") as complained, default_action(signal.SIGHUP):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--folder", folder.name, *SITE, *options],
            cwd=folder.parent,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
        )
    serve = Serve(process, folder, out, err)
    try:
        yield serve
    finally:
        serve.collect_processes()
        process.terminate()
        try:
            process.wait(END_S)
        finally:
            for one in serve.processes:
                if one.runs:
                    os.kill(one.pid, signal.SIGKILL)
            process.wait(END_S)


@contextmanager
def served(folder: Path, *options: str) -> Generator[Serve]:
    """Yield a `serve` that is ready."""
    with started(folder, *options) as serve:
        wait_until(serve.is_ready, START_S, "serve is ready")
        serve.collect_processes()
        yield serve


def start_command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True)
class Output:
    exit_code: int
    out: str
    err: str


def refusal(message: str) -> Output:
    """Return the output of a command that fails with this message."""
    return Output(1, "", f"sandbox: {message}\n")


def result(run: subprocess.Popen[str]) -> Output:
    try:
        out, err = run.communicate(timeout=60)
    finally:
        run.kill()
    return Output(run.returncode, out, err)


def sandbox(*arguments: str) -> Output:
    """Return the output of a command that ends by itself."""
    return result(start_command(*arguments))


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Output]:
    """Return a function that returns the output of a command, which it runs in this process."""

    def unchanged(_number: int, _handler: object) -> None:
        """Leave the handlers of the tests' own process."""

    monkeypatch.setattr(signal, "signal", unchanged)

    def run(*arguments: str) -> Output:
        code = main(arguments)
        return Output(code, *capsys.readouterr())

    return run


Command = Callable[..., Output]


def subject(token: str) -> str:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Yield a served sandbox that tests share; `killed` ends it, when they are done."""
    with served(tmp_path_factory.mktemp("shared") / "sandbox", "--port", "0") as serve:
        yield serve


# -- output, ports and files of `serve` ------------------------------------------------------------


def test_serve_prints_the_addresses_and_the_token_command(shared: Serve) -> None:
    python = min(os.path.relpath(sys.executable, shared.out.parent), sys.executable, key=len)

    assert shared.out.read_text().splitlines() == [
        f"shop     {shared.shop_url}  {SHOP}",
        f"watch    {shared.outputs['siteUrl']}/sites/demo  {SIGN_IN}",
        f"API      http://127.0.0.1:{shared.port}/v1",
        "exports  sandbox/outputs.json",
        f"token    {python} -m sandbox token --folder sandbox",
        "Ctrl-C ends it.",
    ]
    assert shared.err.read_text() == ""


def test_outputs_json_contains_all_exports(shared: Serve) -> None:
    assert set(shared.outputs) == set(deploy_program("dev").exports)
    assert shared.outputs["storageLayout"] == 2
    assert shared.outputs["verifiedReleases"] == []
    assert shared.outputs["capacity"]["shards"] == 1
    assert shared.outputs["estimatedMonthlyCost"]["standing"] > 0
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+/v1", shared.outputs["apiUrl"])


def test_the_api_answers_once_serve_is_ready(shared: Serve) -> None:
    assert httpx.get(f"{shared.outputs['apiUrl']}/recordings").status_code == 401


@needs_proc
def test_all_ports_are_on_the_loopback_interface(shared: Serve) -> None:
    shared.collect_processes()
    found = listening(shared.processes)

    assert {port for _, port in found} >= {
        shared.port,
        httpx.URL((shared.folder / "endpoint").read_text()).port,
    }
    assert {host for host, _ in found} == {"127.0.0.1"}


def test_the_folder_contains_only_the_expected_files(shared: Serve) -> None:
    assert names_in(shared.folder) == [
        "endpoint",
        "lock",
        "ministack.log",
        "outputs.json",
        "state",
        "tmp",
    ]


# -- tokens ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tokens(shared: Serve) -> list[Output]:
    """Return the output of `token` for the default user, then twice for `ada`."""
    at = ("--folder", str(shared.folder))
    first = start_command("token", *at)
    second = start_command("token", "--user", "ada", *at)
    return [result(first), result(second), Output(0, f"{shared.token('ada')}\n", "")]


def test_token_prints_only_a_token(shared: Serve, tokens: list[Output]) -> None:
    assert [(run.exit_code, run.err) for run in tokens] == [(0, "")] * 3
    assert [run.out for run in tokens if not JWT.fullmatch(run.out)] == []
    assert shared.client(tokens[0].out.strip()).get("/recordings").json() == {
        "recordings": [],
        "lookedThrough": 0,
    }


def test_the_default_user_watches_the_shop_s_site_and_another_does_not(
    shared: Serve, tokens: list[Output]
) -> None:
    watched = [shared.client(run.out.strip()).get("/sites").json() for run in tokens[:2]]

    assert [[one["siteId"] for one in answer["sites"]] for answer in watched] == [["demo"], []]


def test_the_shop_writes_into_that_site(shared: Serve) -> None:
    page = httpx.get(shared.shop_url).text

    assert f'data-write-url="{shared.outputs["sites"]["demo"]["writeUrl"]}"' in page
    assert f'src="{shared.outputs["siteUrl"]}/page-copy.js"' in page


def test_each_user_name_has_its_own_fixed_subject(
    tokens: list[Output],
) -> None:
    default, ada, ada_again = (subject(run.out) for run in tokens)

    assert ada == ada_again != default


def test_token_fails_without_a_served_sandbox(tmp_path: Path) -> None:
    run = sandbox("token", "--folder", str(tmp_path))

    assert run == refusal(
        f"no sandbox is served from {tmp_path}: start one with python -m sandbox serve"
    )


# -- errors of `serve` -----------------------------------------------------------------------------


def test_a_port_in_use_is_reported_and_the_first_sandbox_keeps_running(
    shared: Serve, command: Command, tmp_path: Path
) -> None:
    run = command("serve", *SITE, "--port", str(shared.port), "--folder", str(tmp_path))

    assert run == refusal(
        f"port {shared.port} of 127.0.0.1 is in use: end the process that listens there, or choose "
        "another with --port"
    )
    assert httpx.get(f"{shared.outputs['apiUrl']}/recordings").status_code == 401


def test_a_folder_in_use_is_reported_and_the_first_sandbox_keeps_running(
    shared: Serve, command: Command
) -> None:
    before = shared.outputs

    run = command("serve", *SITE, "--port", "0", "--folder", str(shared.folder))

    assert run == refusal(
        f"another sandbox is served from {shared.folder}: end it, or choose another with --folder"
    )
    assert shared.outputs == before
    assert httpx.get(f"{before['apiUrl']}/recordings").status_code == 401


OUT_OF_RANGE = "of 127.0.0.1 (bind(): port must be 0-65535.): choose another with"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--port", "70000", f"cannot listen on port 70000 {OUT_OF_RANGE} --port"),
        ("--shop-port", "-1", f"cannot listen on port -1 {OUT_OF_RANGE} --shop-port"),
        ("--speed", "0", "speed must be above 0, got 0.0"),
    ],
)
def test_an_invalid_option_is_reported(
    command: Command, tmp_path: Path, option: str, value: str, message: str
) -> None:
    run = command("serve", *SITE, "--folder", str(tmp_path), "--port", "0", option, value)

    assert run == refusal(message)


def test_an_interrupt_inside_exec_ends_serve_cleanly(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(
        "import sys\n"
        "from sandbox import __main__ as cli\n"
        "cli._serve = lambda _: exec('raise KeyboardInterrupt')\n"
        "sys.exit(cli.main(['serve']))\n",
        encoding="utf-8",
    )

    run = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "ended\n")


def test_an_unknown_stack_is_reported_with_the_known_ones(command: Command, tmp_path: Path) -> None:
    run = command("serve", *SITE, "--folder", str(tmp_path), "--port", "0", "--stack", "nope")

    # A test that runs at the same time may have written the file of a pull request's stack.
    said = re.sub(r"pr-\d+, ", "", run.err)
    assert said == "sandbox: no configuration for stack 'nope'; there is one for: dev, pr, prod\n"
    assert (run.exit_code, run.out) == (1, "")


def test_a_privileged_port_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Unprivileged(socket.socket):
        def bind(self, address: object, /) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(listeners.socket, "socket", Unprivileged)

    with pytest.raises(DeploymentError) as refused:
        Sandbox(tmp_path, port=80)

    assert str(refused.value) == (
        "cannot listen on port 80 of 127.0.0.1 ([Errno 13] Permission denied): "
        "choose another with --port"
    )


def test_a_missing_command_prints_the_usage() -> None:
    run = sandbox()

    assert (run.exit_code, run.out) == (2, "")
    assert run.err == (
        "usage: python -m sandbox [-h] COMMAND ...\n"
        "python -m sandbox: error: the following arguments are required: COMMAND\n"
    )


# -- exit and restart ------------------------------------------------------------------------------
# Four runs in one folder, a fixture each: the shared one, killed; kept; kept again; new.


@dataclass(frozen=True, kw_only=True)
class Served:
    """The answers of the site at its current address."""

    status: int
    config_is_current: bool
    """Its config.json equals the exports."""
    sign_in: int


@dataclass(frozen=True)
class Run:
    """One run of `serve` in the folder: the data that it served, and its exit."""

    subject: str
    recordings: list[str]
    events: str
    commands: list[str]
    """Command lines of its processes."""
    ended: Ended
    site: Served | None = None
    delivered: int = 0
    """Objects that Firehose wrote before it ended."""


@dataclass(frozen=True)
class Killed:
    subject: str
    ended: Ended
    port: int


@pytest.fixture(scope="module")
def killed(shared: Serve) -> Killed:
    """Return how SIGKILL ended the sandbox that the tests above share."""
    port, token = shared.port, shared.token("ada")
    return Killed(subject(token), shared.end(signal.SIGKILL), port)


@pytest.fixture(scope="module")
def folder(shared: Serve) -> Path:
    return shared.folder


def recordings(api: httpx.Client) -> list[str]:
    answer = api.get("/recordings")
    assert answer.status_code == 200, answer.text
    return [one["recordingId"] for one in answer.json()["recordings"]]


def lines(api: httpx.Client) -> str:
    """Return the events of the recording, as soon as there are any."""

    def now() -> str:
        return api.get("/recordings/first/events").text.strip()

    wait_until(lambda: now().startswith('{"n"'), START_S, "there are events")
    return now()


@pytest.fixture(scope="module")
def kept(folder: Path, killed: Killed) -> Run:
    """Return the second run: it stores a recording, and events just before SIGTERM ends it."""
    with served(folder, "--port", str(killed.port), "--keep") as serve:
        token = serve.token("ada")
        with serve.client(token) as api:
            about = {"pageUrl": "https://example.com/", "pageTitle": "Example"}
            assert api.put("/recordings/first", json=about).status_code == 201
            api.get("/recordings/first/events")  # starts a process for the Lambda
            sent = api.post(
                "/recordings/first/events",
                content=EVENTS,
                headers={"Content-Type": "application/x-ndjson", "Batch-Sequence": "0"},
            )
            assert sent.status_code == 202
            found = recordings(api)
        ended = serve.end(signal.SIGTERM)
        commands = [one.command for one in serve.processes]
        delivered = len([*(folder / "s3").glob("**/sessionId=first/stream/*.gz")])
        return Run(subject(token), found, "", commands, ended, delivered=delivered)


def site_of(serve: Serve) -> Served:
    """Return the answers of the site, and of the sign-in that its config names."""
    exports = serve.outputs
    told = httpx.get(f"{exports['siteUrl']}/config.json").json()
    asked = {
        "response_type": "code",
        "client_id": told["userPoolClientId"],
        "redirect_uri": f"{told['siteUrl']}/signed-in",
    }
    return Served(
        status=httpx.get(told["siteUrl"]).status_code,
        config_is_current=told == {name: exports[name] for name in told},
        sign_in=httpx.get(f"{told['signInUrl']}/oauth2/authorize", params=asked).status_code,
    )


@pytest.fixture(scope="module")
def kept_again(folder: Path, kept: Run) -> Run:
    with served(folder, "--port", "0", "--keep") as serve:
        token = serve.token("ada")
        with serve.client(token) as api:
            found, events = recordings(api), lines(api)
        site = site_of(serve)
        return Run(subject(token), found, events, [], serve.end(signal.SIGINT), site)


@pytest.fixture(scope="module")
def new(folder: Path, kept_again: Run) -> Run:
    """Return the fourth run, which starts without data: ten SIGINTs end it."""
    with served(folder, "--port", "0") as serve:
        token = serve.token("ada")
        with serve.client(token) as api:
            found = recordings(api)
        ended = serve.end(*[signal.SIGINT] * 10)
        return Run(subject(token), found, "", [], ended)


def test_the_cloud_ends_when_the_server_is_killed(killed: Killed) -> None:
    assert killed.ended == Ended(
        exit_code=-signal.SIGKILL,
        stderr="",
        processes=[],
        ports=[],
        files=["endpoint", "outputs.json"],
    )


def test_a_start_after_a_kill_succeeds_on_the_same_port(killed: Killed, kept: Run) -> None:
    assert kept.recordings == ["first"]
    assert kept.subject != killed.subject


def test_sigterm_leaves_no_process_port_or_outputs(kept: Run) -> None:
    assert kept.ended == WELL_ENDED


@needs_proc
def test_the_process_of_the_lambda_ends_too(kept: Run) -> None:
    assert [one for one in kept.commands if "ministack-lambda" in one] != []
    assert kept.ended.processes == []


def test_keep_preserves_recordings_and_users(kept: Run, kept_again: Run) -> None:
    assert (kept.recordings, kept_again.recordings) == (["first"], ["first"])
    assert kept_again.subject == kept.subject


def test_keep_updates_the_addresses_of_the_site_and_its_sign_in(kept_again: Run) -> None:
    assert kept_again.site == Served(status=200, config_is_current=True, sign_in=200)


def test_keep_preserves_events_accepted_just_before_the_end(kept: Run, kept_again: Run) -> None:
    assert kept.delivered == 1
    assert kept_again.events == EVENTS


def test_ctrl_c_leaves_no_process_port_or_outputs(kept_again: Run) -> None:
    assert kept_again.ended == WELL_ENDED


def test_a_start_without_keep_deletes_earlier_data(kept: Run, new: Run) -> None:
    assert new.recordings == []
    assert new.subject != kept.subject


def test_repeated_ctrl_c_leaves_no_process_port_or_outputs(new: Run) -> None:
    assert new.ended == WELL_ENDED


def test_an_ended_run_leaves_only_lock_log_and_state(folder: Path, new: Run) -> None:
    assert names_in(folder) == ["lock", "ministack.log", "state"]


def test_closing_the_terminal_during_the_start_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path / "sandbox", "--port", str(port)) as serve:
        log = serve.folder / "ministack.log"
        wait_until(log.exists, START_S, "MiniStack is started")
        serve.collect_processes()

        assert serve.ended_by(signal.SIGHUP, ports=[port]) == WELL_ENDED
