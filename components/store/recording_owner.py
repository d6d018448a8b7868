"""Who owns the recordings of an operation, and which requests are not that owner's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.access.sites import Site, retired_keys
from components.api.contract import Document
from components.api.mapping_template import mapping_template
from components.api.parameter import pattern_of
from components.api.service_action import ErrorAnswer

TEMPLATES = Path(__file__).parent / "templates"

UNKNOWN_KEY = (
    "The write key is unknown: take the script tag from the set-up page of the site again."
)
RETIRED_KEY = (
    "The write key is retired: take the script tag from the set-up page of the site again."
)
_ORIGIN = (
    "Pages of this origin may not write into the site: its setting `origins` does not list it."
)
_NOT_AN_ADMINISTRATOR = (
    "You are not in the group site-<siteId>-admin, whose members administer the site."
)
_NOT_A_WATCHER = "You are not in the group site-<siteId>, whose members watch the site."


@dataclass(frozen=True, kw_only=True)
class RecordingOwner:
    """What stands in front of the template of an action, and sets `$owner`."""

    template: str
    refusals: tuple[ErrorAnswer, ...] = ()
    """What a client reads that is not the owner."""


def token_user() -> RecordingOwner:
    """Return the user of the token as the owner."""
    return RecordingOwner(template=mapping_template(TEMPLATES / "owner_user.vtl"))


def watched_site(contract: Document) -> RecordingOwner:
    """Return the site of the path as the owner, for requests of a member of its group."""
    return RecordingOwner(
        template=mapping_template(
            TEMPLATES / "owner_watched_site.vtl", siteIdPattern=pattern_of(contract, "siteId")
        ),
        refusals=(ErrorAnswer(message="refused-watcher", status=403, detail=_NOT_A_WATCHER),),
    )


def administered_site(contract: Document) -> RecordingOwner:
    """Return the site of the path as the owner, for requests of one of its administrators."""
    return RecordingOwner(
        template=mapping_template(
            TEMPLATES / "owner_administered_site.vtl", siteIdPattern=pattern_of(contract, "siteId")
        ),
        refusals=(
            ErrorAnswer(message="refused-administrator", status=403, detail=_NOT_AN_ADMINISTRATOR),
        ),
    )


def written_site(sites: Sequence[Site]) -> RecordingOwner:
    """Return the site of the write key in the path as the owner, for pages of its origins."""
    return RecordingOwner(
        template=mapping_template(
            TEMPLATES / "owner_written_site.vtl",
            writeKeys=[[key, site.id, list(site.origins)] for site in sites for key in site.keys],
            retiredKeys=retired_keys(sites),
        ),
        refusals=tuple(
            ErrorAnswer(message=message, status=403, detail=detail)
            for message, detail in (
                ("refused-unknown-key", UNKNOWN_KEY),
                ("refused-retired-key", RETIRED_KEY),
                ("refused-origin", _ORIGIN),
            )
        ),
    )
