"""Headers that AWS drops or renames, as recorded.

Source: `TestApiGatewayHeaderRemapping` of LocalStack's test_apigateway_integrations.py.
"""

# Request headers that no template and no function sees.
KEPT = [
    *("Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards"),
    *("Proxy-Authenticate", "Server", "TE", "Trailer", "Transfer-Encoding", "Upgrade"),
    "WWW-Authenticate",
]
# Response headers that get the prefix x-amzn-Remapped- when they are mapped.
REMAPPED = [
    *("Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host"),
    *("Max-Forwards", "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent"),
    "WWW-Authenticate",
]
