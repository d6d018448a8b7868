"""The fields by which a client describes a recording, as the contract lists them."""

from dataclasses import dataclass

from components.api.contract import Document


@dataclass(frozen=True, kw_only=True)
class RecordingFields:
    """Names by the form in which DynamoDB keeps them; none of them is required."""

    texts: tuple[str, ...]
    """Stored as `S`."""
    integers: tuple[str, ...]
    """Stored as `N`."""
    flags: tuple[str, ...]
    """Stored as `BOOL` when true, and absent when false."""
    sizes: tuple[tuple[str, tuple[str, ...]], ...]
    """Name and members of what is stored as `M` of `N`."""
    words: tuple[str, ...]
    """Lists that are stored as one `S`, with blanks between, so that a filter finds a part."""
    sets: tuple[str, ...]
    """Lists without order, stored as `SS`."""

    @property
    def constants(self) -> dict[str, list[str] | list[list[str | list[str]]]]:
        """What the templates read: `$texts`, `$integers`, `$flags`, `$sizes`, `$words`, `$sets`."""
        return {
            "texts": list(self.texts),
            "integers": list(self.integers),
            "flags": list(self.flags),
            "sizes": [[name, list(members)] for name, members in self.sizes],
            "words": list(self.words),
            "sets": list(self.sets),
        }


def recording_fields(contract: Document, *schemas: str) -> RecordingFields:
    """Return the fields of these schemas of the contract, such as NewRecording.

    Raises:
        ValueError: A field is of a type that no template stores.
    """
    properties: dict[str, Document] = {}
    for name in schemas:
        properties |= contract["components"]["schemas"][name]["properties"]
    kinds = {name: _kind(name, schema) for name, schema in properties.items()}

    def of(kind: str) -> tuple[str, ...]:
        return tuple(name for name, one in kinds.items() if one == kind)

    return RecordingFields(
        texts=of("string"),
        integers=of("integer"),
        flags=of("boolean"),
        sizes=tuple((name, tuple(properties[name]["properties"])) for name in of("object")),
        words=of("words"),
        sets=of("set"),
    )


def _kind(name: str, schema: Document) -> str:
    kind = schema["type"]
    members = schema.get("properties", {}).values()
    is_size = kind == "object" and members and all(one["type"] == "integer" for one in members)
    if kind in ("string", "integer", "boolean") or is_size:
        return kind
    if kind == "array" and schema["items"]["type"] == "string":
        return "words" if "pattern" in schema["items"] else "set"
    raise ValueError(
        f"{name} must be a string, an integer, a boolean, an object of integers or an array of "
        "strings: components/store/templates/ store no other type"
    )
