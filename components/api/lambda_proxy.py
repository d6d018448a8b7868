"""LambdaProxy: an operation that a Lambda function answers."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import lambda_

from components.api.integration import Integration
from components.foundation.role import gateway_role


@dataclass(frozen=True, kw_only=True)
class LambdaProxyArgs:
    function: lambda_.Function
    """Gets the whole request and returns the whole answer."""
    region: str
    """AWS Region of the function, such as `eu-west-1`."""


class LambdaProxy(pulumi.ComponentResource):
    """Request -> the function; its answer as it is, 502 when it fails."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: LambdaProxyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:LambdaProxy", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(name, [("lambda:InvokeFunction", args.function.arn)], child)
        self.integration = pulumi.Output.all(args.function.arn, role_arn).apply(
            lambda arns: lambda_proxy_integration(args.region, str(arns[0]), str(arns[1]))
        )
        self.register_outputs({"integration": self.integration})


def lambda_proxy_integration(region: str, function_arn: str, role_arn: str) -> Integration:
    """Return the integration that invokes the function with the request as its event.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    path = f"2015-03-31/functions/{function_arn}/invocations"
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",  # what Lambda expects, whatever the operation's own verb
        "uri": f"arn:aws:apigateway:{region}:lambda:path/{path}",
        "credentials": role_arn,
    }
