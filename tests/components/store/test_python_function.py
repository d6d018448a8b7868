"""PythonFunction."""

from pathlib import Path

import pulumi
import pytest

from components.store.python_function import PythonFunction, PythonFunctionArgs, package_archive
from tests.components.given import BUCKET_ARN, ROLE_POLICY, bucket, statements, trust_of, trusted
from tests.engine import SUFFIX, Engine, arn, deploy

HERE = Path(__file__).parent


def deployed(memory_mib: int = 1024, timeout_seconds: int = 28) -> Engine:
    def build() -> None:
        args = PythonFunctionArgs(
            package=HERE,
            handler="components.given.handler",
            environment={"BUCKET": bucket().bucket},
            statements=[
                ("s3:ListBucket", BUCKET_ARN),
                (["s3:GetObject", "s3:PutObject"], f"{BUCKET_ARN}/own/*"),
            ],
            memory_mib=memory_mib,
            timeout_seconds=timeout_seconds,
            log_retention_days=7,
        )
        PythonFunction("read-events", args)

    return deploy(build)


def test_the_role_may_do_what_was_said_and_write_its_own_log() -> None:
    engine = deployed()

    assert statements(engine, "read-events") == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": arn("logs", f"log-group:read-events{SUFFIX}:*"),
        },
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": BUCKET_ARN},
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": f"{BUCKET_ARN}/own/*",
        },
    ]
    assert trusted(engine, "read-events") == trust_of("lambda.amazonaws.com")


def test_the_function_logs_json_into_its_own_group_and_ends_before_the_gateway_does() -> None:
    engine = deployed()

    inputs = engine.inputs("aws:lambda/function:Function", "read-events")
    assert {key: value for key, value in inputs.items() if key != "code"} == {
        "runtime": "python3.13",
        "architectures": ["arm64"],
        "handler": "components.given.handler",
        "role": f"arn:aws:iam::123456789012:role/read-events{SUFFIX}",
        "memorySize": 1024,
        "timeout": 28,
        "environment": {"variables": {"BUCKET": f"recordings{SUFFIX}"}},
        "loggingConfig": {"logFormat": "JSON", "logGroup": f"read-events{SUFFIX}"},
    }
    assert engine.of_type("aws:cloudwatch/logGroup:LogGroup") == {
        "read-events": {"retentionInDays": 7}
    }


def test_the_function_is_made_when_its_permissions_are_there() -> None:
    engine = deployed()

    function = engine.resource("aws:lambda/function:Function", "read-events")
    assert (ROLE_POLICY, "read-events") in function.depends_on


def test_the_archive_holds_the_python_files_of_the_package_and_nothing_else(
    tmp_path: Path,
) -> None:
    package = tmp_path / "pack"
    (package / "inner").mkdir(parents=True)
    (package / "__pycache__").mkdir()
    (package / "__init__.py").touch()
    (package / "inner" / "one.py").touch()
    (package / "__pycache__" / "one.cpython-313.pyc").touch()
    (package / ".env").write_text("SECRET=1")
    (package / "notes.md").touch()
    (tmp_path / "beside.py").touch()

    archive = package_archive(package)

    found: dict[str, pulumi.Asset | pulumi.Archive] = archive.assets
    assert {name: str(getattr(asset, "path", None)) for name, asset in found.items()} == {
        "pack/__init__.py": str(package / "__init__.py"),
        "pack/inner/one.py": str(package / "inner" / "one.py"),
    }


@pytest.mark.parametrize("memory", [127, 10_241])
def test_memory_that_lambda_does_not_have_is_refused(memory: int) -> None:
    with pytest.raises(ValueError, match=rf"^memory_mib must be 128\.\.10240, got {memory}$"):
        deployed(memory_mib=memory)


@pytest.mark.parametrize("seconds", [0, 901])
def test_a_timeout_that_lambda_does_not_have_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match=rf"^timeout_seconds must be 1\.\.900, got {seconds}$"):
        deployed(timeout_seconds=seconds)


@pytest.mark.parametrize(("memory", "seconds"), [(128, 1), (10_240, 900)])
def test_the_smallest_and_the_largest_function_are_taken(memory: int, seconds: int) -> None:
    engine = deployed(memory_mib=memory, timeout_seconds=seconds)

    inputs = engine.inputs("aws:lambda/function:Function", "read-events")
    assert (inputs["memorySize"], inputs["timeout"]) == (memory, seconds)
