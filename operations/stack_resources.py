"""Where each type of resource is found that Pulumi has forgotten.

GetResources knows every type that takes tags, but IAM's, and what belongs to no Region only in
us-east-1. A test holds the list against every type of resource of the program.

Sources:
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
https://docs.aws.amazon.com/ARG/latest/userguide/supported-resources.html
https://github.com/cloud-custodian/cloud-custodian/pull/2729 (us-east-1, as somebody measured it)
"""

from collections.abc import Mapping
from types import MappingProxyType

HOME_OF_THE_GLOBAL = "us-east-1"

# By GetResources in the stack's own Region.
TAGGED = frozenset(
    {
        "aws:apigateway/restApi:RestApi",
        "aws:apigateway/stage:Stage",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:cognito/userPool:UserPool",
        "aws:dynamodb/table:Table",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "aws:kinesis/stream:Stream",
        "aws:lambda/function:Function",
        "aws:s3/bucket:Bucket",
        "aws:sns/topic:Topic",
        "aws:wafv2/webAcl:WebAcl",
    }
)
# By GetResources in us-east-1.
TAGGED_GLOBALLY = frozenset(
    {
        "aws:budgets/budget:Budget",
        "aws:cloudfront/distribution:Distribution",
    }
)
# By ListRoles, and the tags of each.
ROLES = frozenset({"aws:iam/role:Role"})
# By what stands in a comment or a name: they take no tags. A function of CloudFront's does, but no
# page says that GetResources knows it.
LABELLED = frozenset(
    {
        "aws:cloudfront/function:Function",
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "aws:cloudwatch/dashboard:Dashboard",
    }
)
# Not at all: they go with what holds them, or that cannot go before them.
INSIDE: Mapping[str, str] = MappingProxyType(
    {
        "aws:apigateway/deployment:Deployment": "aws:apigateway/restApi:RestApi",
        "aws:apigateway/methodSettings:MethodSettings": "aws:apigateway/stage:Stage",
        "aws:cloudwatch/logStream:LogStream": "aws:cloudwatch/logGroup:LogGroup",
        **{
            f"aws:cognito/{type_[0].lower()}{type_[1:]}:{type_}": "aws:cognito/userPool:UserPool"
            for type_ in ("ManagedLoginBranding", "UserPoolClient", "UserPoolDomain")
        },
        "aws:iam/rolePolicy:RolePolicy": "aws:iam/role:Role",
        **{
            f"aws:s3/{type_[0].lower()}{type_[1:]}:{type_}": "aws:s3/bucket:Bucket"
            for type_ in (
                *("BucketLifecycleConfiguration", "BucketMetric", "BucketObjectv2"),
                *("BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock"),
                "BucketServerSideEncryptionConfiguration",
            )
        },
        "aws:sns/topicSubscription:TopicSubscription": "aws:sns/topic:Topic",
        "aws:wafv2/webAclAssociation:WebAclAssociation": "aws:wafv2/webAcl:WebAcl",
    }
)
