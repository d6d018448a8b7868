"""The state machine that erases recordings, in the States Language.

Nothing is kept in variables: the states of one recording are also those of a Map, for all
recordings of a visitor.
"""

from typing import Any

from components.store.erasure_of_many import erasure_of_many
from components.store.erasure_of_one import erasure_of_one
from components.store.erasure_record import Places
from components.store.states_language import choice


def erasure_machine(places: Places) -> dict[str, Any]:
    """Return the definition of the machine.

    Its input is `{"owner", "erasureId", "askedBy", "askedAtMs", "siteKeys"}` and, for one
    recording, `recordingId`. For several it is `subject`, the sort key of their tombstone, and the
    partition of an index that lists them: `index`, `attribute` and `value`.
    """
    return {
        "Comment": "Removes recordings and proves it: docs/adr/0053-erasure-without-code.md",
        "StartAt": "OneOrMany",
        "States": {
            "OneOrMany": choice({"$exists($states.input.recordingId)": "Find"}, "BuryMany"),
            **erasure_of_one(places),
            **erasure_of_many(places),
            "Nothing": {"Type": "Succeed"},
            "Erased": {"Type": "Succeed"},
            "Failed": {
                "Type": "Fail",
                "QueryLanguage": "JSONata",
                "Error": "ErasureFailed",
                "Cause": "{% $string($states.input.error) %}",
            },
        },
    }
