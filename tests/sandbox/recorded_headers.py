"""Headers that AWS was recorded to keep to itself or to give another name.

Source: `TestApiGatewayHeaderRemapping` of LocalStack's test_apigateway_integrations.py.
"""

# Of a request: no template and no function sees them.
KEPT = [
    *("Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards"),
    *("Proxy-Authenticate", "Server", "TE", "Trailer", "Transfer-Encoding", "Upgrade"),
    "WWW-Authenticate",
]
# Of an answer: mapped ones get the prefix x-amzn-Remapped-.
REMAPPED = [
    *("Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host"),
    *("Max-Forwards", "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent"),
    "WWW-Authenticate",
]
