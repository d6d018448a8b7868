"""A store that keeps: a table of moto's, and a bucket in memory with a clock of its own."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from botocore.exceptions import ClientError

from tests.components.store.state_machine import RefusedError, Refuses
from tests.moto_account import session
from tests.recordings_table import create_recordings_table

BUCKET, TABLE = "recordings", "recordings-by-owner"


@dataclass(kw_only=True)
class KeepingWorld:
    """Answers the calls of a state machine; a test can let it refuse some."""

    objects: dict[str, str] = field(default_factory=dict[str, str])
    """When each was stored, as S3 writes it."""
    refuses: Refuses = lambda _, __: None
    before: Callable[[str, dict[str, Any]], None] = lambda _, __: None
    """Called before each call, as if something else had come first."""
    after_wait: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list[str])
    copies: list[str] = field(default_factory=list[str])
    largest_page: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._clock = 0
        self._table: Any = session().client("dynamodb")
        create_recordings_table(self._table, TABLE)

    def store(self, *keys: str) -> None:
        for key in keys:
            self._clock += 1
            self.objects[key] = f"2026-01-01T00:00:00.{self._clock:06}Z"

    def item(self, owner: str, recording_id: str, **members: Any) -> None:
        given = {
            "owner": {"S": owner},
            "recordingId": {"S": recording_id},
            "createdAtMs": {"N": "1"},
            "expiresAt": {"N": str(int(time.time()) + 1000)},
            **members,
        }
        self._table.put_item(TableName=TABLE, Item=given)

    def read(self, owner: str, recording_id: str) -> dict[str, Any] | None:
        key = {"owner": {"S": owner}, "recordingId": {"S": recording_id}}
        return self._table.get_item(TableName=TABLE, Key=key).get("Item")

    def forget(self, owner: str, recording_id: str) -> None:
        key = {"owner": {"S": owner}, "recordingId": {"S": recording_id}}
        self._table.delete_item(TableName=TABLE, Key=key)

    def call(self, action: str, given: dict[str, Any]) -> Any:
        with self._lock:
            self.calls.append(action)
            self.before(action, given)
            if error := self.refuses(len(self.calls), action):
                raise RefusedError(error)
            return getattr(self, f"_{action}")(**given)

    def _getItem(self, **given: Any) -> Any:  # noqa: N802
        answer = self._table.get_item(**given)
        return {"Item": answer["Item"]} if "Item" in answer else {}

    def _updateItem(self, **given: Any) -> Any:  # noqa: N802
        try:
            self._table.update_item(**given)
        except ClientError as error:
            said = cast("dict[str, Any]", error.response)["Error"]
            raise RefusedError(f"DynamoDb.{said['Code']}") from error
        return {}

    def _listObjectsV2(self, **given: Any) -> Any:  # noqa: N802
        assert given["Bucket"] == BUCKET
        after: str = given.get("StartAfter", "")
        keys = [key for key in sorted(self.objects) if key.startswith(given["Prefix"])]
        page = [key for key in keys if key > after][: given["MaxKeys"]]
        self.largest_page = max(self.largest_page, len(page))
        found = [{"Key": key, "LastModified": self.objects[key]} for key in page]
        return {"KeyCount": len(found), **({"Contents": found} if found else {})}

    def _copyObject(self, *, Bucket: str, CopySource: str, Key: str) -> Any:  # noqa: N802, N803
        bucket, _, source = CopySource.partition("/")
        assert bucket == Bucket == BUCKET
        if source not in self.objects:
            raise RefusedError("S3.NoSuchKeyException")
        self.copies.append(Key)
        self.store(Key)
        return {}

    def _deleteObjects(self, *, Bucket: str, Delete: Any) -> Any:  # noqa: N802, N803
        assert Bucket == BUCKET
        for one in Delete["Objects"]:
            self.objects.pop(one["Key"], None)
        return {}
