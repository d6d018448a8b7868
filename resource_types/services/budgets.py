"""AWS Budgets."""

from resource_types.create_call import CreateCall
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Ignored
from resource_types.resource_type import ResourceType

BUDGET = ResourceType(
    type="aws:budgets/budget:Budget",
    arn="arn:aws:budgets::{account}:budget/{name}",
    names=("watch",),
    found_by="tags in us-east-1",
    sandbox=Ignored("nothing is billed"),
    create_calls=(CreateCall("CreateBudget"),),
    policy="watch",
    grants=(
        Grant(
            actions=actions(
                "budgets",
                "ModifyBudget ViewBudget ListTagsForResource TagResource UntagResource",
            )
        ),
    ),
)
ROWS = (BUDGET,)
