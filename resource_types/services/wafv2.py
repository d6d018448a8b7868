"""WAF: the sandbox's own gateway counts callers by it."""

from resource_types.create_call import CreateCall
from resource_types.grant import Condition, Grant, actions
from resource_types.in_sandbox import Served
from resource_types.resource_type import ResourceType

_STAGES = ("arn:aws:apigateway:{region}::/restapis/*/stages/*",)

WEB_ACL = ResourceType(
    type="aws:wafv2/webAcl:WebAcl",
    arn="arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{id}",
    names=("api",),
    longest_name=128,
    found_by="tags",
    sandbox=Served("gateway"),
    create_calls=(CreateCall("CreateWebACL"),),
    policy="api",
    grants=(
        Grant(
            actions=actions(
                "wafv2",
                "CreateWebACL DeleteWebACL GetWebACL UpdateWebACL ListTagsForResource TagResource "
                "UntagResource",
            )
        ),
    ),
)
WEB_ACL_ASSOCIATION = ResourceType(
    type="aws:wafv2/webAclAssociation:WebAclAssociation",
    found_by="container",
    inside=WEB_ACL.type,
    sandbox=Served("gateway"),
    create_calls=(CreateCall("AssociateWebACL"),),
    policy="api",
    grants=(
        Grant(actions=actions("wafv2", "AssociateWebACL GetWebACLForResource"), on=WEB_ACL.scope),
        Grant(
            actions=actions("wafv2", "AssociateWebACL DisassociateWebACL GetWebACLForResource"),
            on=_STAGES,
        ),
        # AWS requires it too, and it checks the stage's tags.
        Grant(actions=("apigateway:SetWebACL",), on=_STAGES, condition=Condition.RESOURCE_HAS_TAGS),
    ),
)
ROWS = (WEB_ACL, WEB_ACL_ASSOCIATION)
