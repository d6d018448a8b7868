"""The running delivery stream in MiniStack with IAM: roles, a split, a missing permission."""

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config

from sandbox.firehose import DeliveryStream, parse_config

REGION = "eu-west-1"
STREAM_ARN = f"arn:aws:kinesis:{REGION}:000000000000:stream/source"
# The documented permissions of the two roles, without calls that the sandbox does not make.
# https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
READ = ["kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"]
PARAMETERS = {"JsonParsingEngine": "JQ-1.6", "MetadataExtractionQuery": "{u:.userId}"}


@dataclass
class Ministack:
    """One emulator; `client_for` assumes roles, `root` may do anything."""

    url: str
    process: subprocess.Popen[bytes]

    def root(self, service: str, **credentials: str) -> Any:
        keys = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        # Any: boto3 has no type stubs.
        return cast("Any", boto3).client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            config=Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ),
            **keys,
        )

    def client_for(self, service: str, role_arn: str) -> Any:
        answer = self.root("sts").assume_role(RoleArn=role_arn, RoleSessionName="firehose")
        return self.root(
            service,
            aws_access_key_id=answer["Credentials"]["AccessKeyId"],
            aws_secret_access_key=answer["Credentials"]["SecretAccessKey"],
            aws_session_token=answer["Credentials"]["SessionToken"],
        )

    def role(self, name: str) -> str:
        """Return the ARN of a new role that Firehose may assume, without permissions."""
        principal = {"Service": "firehose.amazonaws.com", "AWS": "*"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        answer = self.root("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=document(statement)
        )
        return answer["Role"]["Arn"]

    def allow(self, role: str, actions: list[str], resource: str) -> None:
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        self.root("iam").put_role_policy(
            RoleName=role, PolicyName="only", PolicyDocument=document(statement)
        )


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    folder = tmp_path_factory.mktemp("ministack")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "SERVICES": "kinesis,s3,iam,sts",
        "AUTH": "true",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_REGION": REGION,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=settings, stdout=log, stderr=log, cwd=folder
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(url, process, folder / "log"), seconds=30)
        yield Ministack(url, process)
    finally:
        process.terminate()
        process.wait(timeout=10)


def answers(url: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


@pytest.fixture
def stream(ministack: Ministack) -> Iterator[DeliveryStream]:
    ministack.root("kinesis").create_stream(StreamName="source", ShardCount=1)
    ministack.root("s3").create_bucket(
        Bucket="recordings", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    inputs: dict[str, Any] = {
        "name": "events",
        "destination": "extended_s3",
        "kinesisSourceConfiguration": {
            "kinesisStreamArn": STREAM_ARN,
            "roleArn": ministack.role("read"),
        },
        "extendedS3Configuration": {
            "bucketArn": "arn:aws:s3:::recordings",
            "roleArn": ministack.role("write"),
            "prefix": "r/!{partitionKeyFromQuery:u}/",
            "errorOutputPrefix": "failed/!{firehose:error-output-type}/",
            "bufferingInterval": 60,
            "bufferingSize": 64,
            "compressionFormat": "GZIP",
            "dynamicPartitioningConfiguration": {"enabled": True},
            "processingConfiguration": {
                "enabled": True,
                "processors": [
                    {
                        "type": "MetadataExtraction",
                        "parameters": [
                            {"parameterName": name, "parameterValue": value}
                            for name, value in PARAMETERS.items()
                        ],
                    },
                    {"type": "AppendDelimiterToRecord"},
                ],
            },
        },
    }
    ministack.allow("read", READ, STREAM_ARN)
    stream = DeliveryStream(parse_config(inputs), ministack.client_for, speed=120.0)
    stream.start()
    yield stream
    assert stream.stop()


def test_records_of_all_shards_arrive_once_despite_a_split_and_a_missing_permission(
    ministack: Ministack, stream: DeliveryStream
) -> None:
    kinesis = ministack.root("kinesis")

    def put(first: int, last: int) -> None:
        for number in range(first, last):
            data = json.dumps({"userId": f"u{number % 3}", "n": number}).encode()
            kinesis.put_record(StreamName="source", Data=data, PartitionKey=f"u{number % 3}")

    put(0, 20)
    wait_for(lambda: "AccessDenied" in (stream.status().last_error or ""))
    assert stream.status().records_delivered == 0

    ministack.allow("write", ["s3:PutObject"], "arn:aws:s3:::recordings/*")
    wait_for(lambda: stream.status().records_delivered == 20)
    kinesis.split_shard(
        StreamName="source", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )
    put(20, 40)
    wait_for(lambda: stream.status().records_delivered == 40)

    assert numbers_by_user(ministack) == {
        "u0": list(range(0, 40, 3)),
        "u1": list(range(1, 40, 3)),
        "u2": list(range(2, 40, 3)),
    }


def numbers_by_user(ministack: Ministack) -> dict[str, list[int]]:
    """Return the numbers in the objects of each user, in order within an object."""
    s3 = ministack.root("s3")
    found: dict[str, list[int]] = {}
    for one in s3.list_objects_v2(Bucket="recordings", Prefix="r/")["Contents"]:
        body = s3.get_object(Bucket="recordings", Key=one["Key"])["Body"].read()
        numbers = [json.loads(line)["n"] for line in gzip.decompress(body).splitlines()]
        assert numbers == sorted(numbers)
        found.setdefault(one["Key"].split("/")[1], []).extend(numbers)
    return {user: sorted(numbers) for user, numbers in sorted(found.items())}


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Return when the condition holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
