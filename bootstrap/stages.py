"""The stages that GitHub deploys: who asks, for which stacks."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One role's part of the account."""

    name: str
    claim: str
    """Rest of the subject of GitHub's token: which jobs may have the role.

    Source: https://docs.github.com/en/actions/reference/security/oidc
    """
    stacks: str
    """The stacks that it is for; `*` stands for any number."""
    reads: tuple[str, ...] = ()
    """Other stacks whose exports it reads."""
    may_deploy: bool = True
    """Make and change things."""
    may_look: bool = False
    """Read what AWS says of each resource, and change nothing; else only the state is read."""
    may_empty: bool = False
    """Delete objects with their bucket, and make users for the end-to-end tests."""

    @property
    def is_permanent(self) -> bool:
        """Whether it has one long-lived stack, unlike the stage of pull requests."""
        return not self.stacks.endswith("*")

    @property
    def variable(self) -> str:
        """Name of the repository's variable that holds the role's ARN."""
        return f"{re.sub(r'(?=[A-Z])', '_', self.name).upper()}_ROLE_ARN"


STAGES = {
    stage.name: stage
    for stage in (
        # Runs the code of a pull request, so it can look at dev's state and do nothing.
        Stage(name="preview", claim="pull_request", stacks="dev", may_deploy=False),
        Stage(name="ephemeral", claim="environment:ephemeral", stacks="pr-*", may_empty=True),
        # The same from main, so that reviewers of a pull request's stack do not stop it.
        Stage(name="janitor", claim="environment:janitor", stacks="pr-*", may_empty=True),
        Stage(name="dev", claim="environment:dev", stacks="dev", may_empty=True),
        # Looks at prod before its reviewers do.
        Stage(
            name="plan",
            claim="environment:prod-plan",
            stacks="prod",
            reads=("dev",),
            may_deploy=False,
        ),
        Stage(name="prod", claim="environment:prod", stacks="prod", reads=("dev",)),
        # Runs nobody's program: it holds the state against AWS.
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
        ValueError: There is none of that name.
    """
    if name not in STAGES:
        raise ValueError(f"stages may hold {', '.join(STAGES)}, got {name!r}")
    return STAGES[name]
