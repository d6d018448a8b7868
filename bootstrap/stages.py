"""The stages that GitHub deploys: which jobs, for which stacks."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The jobs and stacks of one role."""

    name: str
    claim: str
    """End of the subject in GitHub's token: which jobs may assume the role.

    Source: https://docs.github.com/en/actions/reference/security/oidc
    """
    stacks: str
    """Stacks that it deploys; `*` stands for any number."""
    reads: tuple[str, ...] = ()
    """Other stacks whose exports it reads."""
    may_deploy: bool = True
    """Create, change and delete resources."""
    may_look: bool = False
    """Read each resource from AWS and change nothing.

    A stage that neither deploys nor looks reads Pulumi's state, and makes the calls of a preview.
    """
    may_empty: bool = False
    """Delete objects with their bucket, and create users for the end-to-end tests."""

    @property
    def is_permanent(self) -> bool:
        """Whether it has one long-lived stack, unlike the stage of pull requests."""
        return not self.stacks.endswith("*")

    @property
    def variable(self) -> str:
        """Name of the repository variable with the role's ARN."""
        return f"{re.sub(r'(?=[A-Z])', '_', self.name).upper()}_ROLE_ARN"


STAGES = {
    stage.name: stage
    for stage in (
        # Runs the code of a pull request, so it may read dev's state and nothing else.
        Stage(name="preview", claim="pull_request", stacks="dev", may_deploy=False),
        Stage(name="ephemeral", claim="environment:ephemeral", stacks="pr-*", may_empty=True),
        # The same from main, so that it needs no reviewer of a pull request's stack.
        Stage(name="janitor", claim="environment:janitor", stacks="pr-*", may_empty=True),
        Stage(name="dev", claim="environment:dev", stacks="dev", may_empty=True),
        # Previews prod for its reviewers.
        Stage(
            name="plan",
            claim="environment:prod-plan",
            stacks="prod",
            reads=("dev",),
            may_deploy=False,
        ),
        Stage(name="prod", claim="environment:prod", stacks="prod", reads=("dev",)),
        # Runs no program: compares the state with AWS.
        *(
            Stage(
                name=f"drift{stack.title()}",
                claim=f"environment:drift-{stack}",
                stacks=stack,
                may_deploy=False,
                may_look=True,
            )
            for stack in ("dev", "prod")
        ),
    )
}


def stage_named(name: str) -> Stage:
    """Return the stage.

    Raises:
        ValueError: No stage has that name.
    """
    if name not in STAGES:
        raise ValueError(f"stages may hold {', '.join(STAGES)}, got {name!r}")
    return STAGES[name]
