"""Renames the headers that API Gateway does not pass on under their own names."""

# Recorded: `test_apigateway_header_remapping_http` and `_aws` of localstack's
# test_apigateway_integrations.py, for proxy integrations and for others.
_OF_A_PROXY = ("Connection", "Content-Length", "Date", "Server")
_OF_A_MAPPING = (
    *_OF_A_PROXY,
    *("Authorization", "Content-MD5", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate"),
    *("Trailer", "Upgrade", "User-Agent", "WWW-Authenticate"),
)


def remapped(headers: dict[str, str], *, is_proxy: bool) -> dict[str, str]:
    """Return the headers as the client gets them.

    >>> remapped({"date": "x", "Transfer-Encoding": "chunked", "ETag": "y"}, is_proxy=False)
    {'x-amzn-Remapped-Date': 'x', 'ETag': 'y'}
    """
    names = _OF_A_PROXY if is_proxy else _OF_A_MAPPING
    remaps = {name.lower(): f"x-amzn-Remapped-{name}" for name in names}
    return {
        remaps.get(name.lower(), name): value
        for name, value in headers.items()
        if name.lower() != "transfer-encoding"
    }
