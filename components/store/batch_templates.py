"""The operation that appends a batch of events to a recording by way of the stream."""

from pathlib import Path
from typing import Literal

from components.api.contract import Document, operation_of
from components.api.mapping_template import TEMPLATES as API_TEMPLATES
from components.api.mapping_template import mapping_template
from components.api.parameter import pattern_of, rule_of
from components.api.service_action import ActionTemplates, ErrorAnswer

TEMPLATES = Path(__file__).parent / "templates"

# Firehose refuses larger records when it partitions dynamically; Kinesis itself takes 1 MiB.
# https://docs.aws.amazon.com/firehose/latest/dev/limits.html
MAX_RECORD_BYTES = 1000 * 1024
# A body of this size fits such a record: base64 makes it a third larger, and the envelope takes
# some 250 bytes.
MAX_BATCH_BYTES = 767_000

Encoding = Literal["identity", "gzip"]


def append_events(contract: Document, max_record_bytes: int = MAX_RECORD_BYTES) -> ActionTemplates:
    """Return the templates of PutRecord for one batch, which becomes one envelope on the stream.

    A batch whose envelope would have more than `max_record_bytes` is answered with 413.

    Raises:
        ValueError: `max_record_bytes` is not 1..1048576.
    """
    # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
    if not 1 <= max_record_bytes <= 1024 * 1024:
        raise ValueError(f"max_record_bytes must be 1..1048576, got {max_record_bytes}")
    operation = operation_of(contract, "appendEvents")
    return ActionTemplates(
        request={
            media_type: mapping_template(
                TEMPLATES / "put_record.vtl",
                encoding=encoding_of(media_type),
                maxRecordBytes=max_record_bytes,
                recordingIdPattern=pattern_of(contract, "recordingId"),
                sequencePattern=pattern_of(contract, "batchSequence"),
            )
            for media_type in operation["requestBody"]["content"]
        },
        status=202,
        response=mapping_template(API_TEMPLATES / "stored.vtl"),
        errors=_errors(contract),
        refusal=(
            f"{rule_of(contract, 'recordingId')} {rule_of(contract, 'batchSequence')} The body "
            "must be UTF-8 text or application/gzip, and not empty."
        ),
    )


def encoding_of(media_type: str) -> Encoding:
    """Return what a body of the media type is: text, or gzip, which the API must list as binary.

    >>> encoding_of("application/x-ndjson")
    'identity'
    """
    return "gzip" if media_type == "application/gzip" else "identity"


def _errors(contract: Document) -> tuple[ErrorAnswer, ...]:
    too_large = (
        "The batch is larger than one record of the stream may be. Split it, or send it with "
        "putLargeBatch: PUT /recordings/{recordingId}/events/{sequence}."
    )
    nothing_stored = "so nothing was stored. Send gzip with"
    return (
        ErrorAnswer(message="refused-too-large", status=413, detail=too_large),
        ErrorAnswer(  # the limit of Kinesis itself, should it be the lower one
            message="at 'data' failed to satisfy constraint: Member must have length less",
            status=413,
            detail=too_large,
        ),
        ErrorAnswer(message="refused-recordingId", detail=rule_of(contract, "recordingId")),
        ErrorAnswer(message="refused-batchSequence", detail=rule_of(contract, "batchSequence")),
        ErrorAnswer(
            message="refused-empty-batch", detail="The batch is empty. Send at least one event."
        ),
        ErrorAnswer(
            message="refused-not-text",
            status=415,
            detail=(
                f"The body is not UTF-8 text, {nothing_stored} Content-Type: application/gzip; "
                "other encodings are not supported."
            ),
        ),
        ErrorAnswer(
            message="refused-not-bytes",
            status=415,
            detail=(
                f"The body was not read as bytes, {nothing_stored} exactly Content-Type: "
                "application/gzip."
            ),
        ),
    )
