"""SNS, which sends the alarms."""

from resource_types.create_call import CreateCall
from resource_types.grant import Grant, Stages, actions
from resource_types.in_sandbox import Ignored
from resource_types.resource_type import ResourceType

_NO_ALARMS = Ignored("the sandbox has no alarms to send")

TOPIC = ResourceType(
    type="aws:sns/topic:Topic",
    arn="arn:aws:sns:{region}:{account}:{name}",
    names=("watch",),
    found_by="tags",
    sandbox=_NO_ALARMS,
    create_calls=(CreateCall("CreateTopic"),),
    policy="logs",
    grants=(
        Grant(
            actions=actions(
                "sns",
                "CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes "
                "ListTagsForResource TagResource UntagResource",
            )
        ),
    ),
)
SUBSCRIPTION = ResourceType(
    type="aws:sns/topicSubscription:TopicSubscription",
    found_by="container",
    inside=TOPIC.type,
    sandbox=_NO_ALARMS,
    create_calls=(CreateCall("Subscribe"),),
    policy="logs",
    grants=(
        Grant(actions=("sns:Subscribe",), on=TOPIC.scope),
        Grant(actions=("sns:GetSubscriptionAttributes",), on=("*",), policy="watch"),
        # Changing the address needs it. Destroying a stack does not: SNS deletes the subscriptions
        # of a deleted topic.
        Grant(actions=("sns:Unsubscribe",), on=("*",), stages=Stages.PERMANENT),
    ),
)
ROWS = (TOPIC, SUBSCRIPTION)
