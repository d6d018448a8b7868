"""CloudFront: the sandbox's own website serves it."""

from resource_types.create_call import CreateCall, has
from resource_types.grant import Condition, Grant, actions
from resource_types.in_sandbox import Served
from resource_types.resource_type import ResourceType

_TAGGING = "ListTagsForResource TagResource UntagResource"

DISTRIBUTION = ResourceType(
    type="aws:cloudfront/distribution:Distribution",
    arn="arn:aws:cloudfront::{account}:distribution/{id}",
    found_by="tags in us-east-1",
    sandbox=Served("website"),
    create_calls=(CreateCall("CreateDistributionWithTags"),),
    policy="site",
    grants=(
        Grant(actions=("cloudfront:CreateDistribution",)),
        # A distribution that is being created, or one without these tags.
        Grant(actions=("cloudfront:TagResource",), condition=Condition.FIRST_TAGS),
        Grant(
            actions=actions(
                "cloudfront", f"DeleteDistribution GetDistribution UpdateDistribution {_TAGGING}"
            ),
            condition=Condition.RESOURCE_HAS_TAGS,
        ),
    ),
    id="E1EXAMPLE",
    outputs={"domainName": "d1example.cloudfront.net"},
)
FUNCTION = ResourceType(
    type="aws:cloudfront/function:Function",
    arn="arn:aws:cloudfront::{account}:function/{name}",
    names=("site",),
    longest_name=64,  # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
    found_by="label",  # it takes tags, but no page says that GetResources knows them
    sandbox=Served("website"),
    create_calls=(CreateCall("CreateFunction"), CreateCall("PublishFunction", has("publish"))),
    policy="site",
    grants=(
        Grant(
            actions=actions(
                "cloudfront",
                "CreateFunction DeleteFunction DescribeFunction GetFunction PublishFunction "
                f"UpdateFunction {_TAGGING}",
            )
        ),
        Grant(actions=("cloudfront:ListFunctions",), on=("*",), policy="watch"),
    ),
)
# CloudFront tags neither of the following, so no role may update one. It refuses to delete one that
# a distribution uses:
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteOriginAccessControl.html
ORIGIN_ACCESS_CONTROL = ResourceType(
    type="aws:cloudfront/originAccessControl:OriginAccessControl",
    arn="arn:aws:cloudfront::{account}:origin-access-control/{id}",
    longest_name=64,
    found_by="label",
    sandbox=Served("website"),
    create_calls=(CreateCall("CreateOriginAccessControl"),),
    policy="site",
    grants=(
        Grant(actions=("cloudfront:CreateOriginAccessControl",), on=("*",)),
        Grant(actions=actions("cloudfront", "DeleteOriginAccessControl GetOriginAccessControl")),
        Grant(actions=("cloudfront:ListOriginAccessControls",), on=("*",), policy="watch"),
    ),
)
RESPONSE_HEADERS_POLICY = ResourceType(
    type="aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    arn="arn:aws:cloudfront::{account}:response-headers-policy/{id}",
    found_by="label",
    sandbox=Served("website"),
    create_calls=(CreateCall("CreateResponseHeadersPolicy"),),
    policy="site",
    grants=(
        Grant(
            actions=actions(
                "cloudfront",
                "CreateResponseHeadersPolicy DeleteResponseHeadersPolicy GetResponseHeadersPolicy",
            )
        ),
        Grant(actions=("cloudfront:ListResponseHeadersPolicies",), on=("*",), policy="watch"),
    ),
)
ROWS = (DISTRIBUTION, FUNCTION, ORIGIN_ACCESS_CONTROL, RESPONSE_HEADERS_POLICY)
