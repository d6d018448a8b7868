"""Operations that start a state machine: what each asks Step Functions, and what it answers."""

from collections.abc import Sequence
from pathlib import Path

from components.access.sites import Site
from components.api.contract import Document
from components.api.mapping_template import mapping_template
from components.api.parameter import rule_of
from components.api.service_action import ActionTemplates, ErrorAnswer
from components.store.recording_owner import RecordingOwner
from components.store.recording_templates import refused_parameter

TEMPLATES = Path(__file__).parent / "templates"


def started_execution(  # noqa: PLR0913 - the parts of an operation
    contract: Document,
    parameter: str,
    owner: RecordingOwner,
    asked: str,
    *,
    sites: Sequence[Site] = (),
    refusals: tuple[ErrorAnswer, ...] = (),
) -> ActionTemplates:
    """Return the templates of StartExecution; `asked` is the template of what is asked for.

    With `sites`, the execution gets the write keys of the owner.
    """
    start = mapping_template(
        TEMPLATES / "start_execution.vtl",
        siteKeys=[[site.id, key] for site in sites for key in site.keys],
    )
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{asked}\n{start}"},
        status=202,
        response=mapping_template(TEMPLATES / "start_execution_started.vtl"),
        errors=(refused_parameter(contract, parameter), *owner.refusals, *refusals),
        refusal=rule_of(contract, parameter),
    )
