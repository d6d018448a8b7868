"""The error with which the gateway itself answers a request."""


class GatewayError(Exception):
    """The gateway answers with the gateway response of that type.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    """

    def __init__(self, response_type: str, message: str, validation: str | None = None) -> None:
        super().__init__(f"{response_type}: {message}")
        self.response_type = response_type
        self.message = message
        self.validation = validation
