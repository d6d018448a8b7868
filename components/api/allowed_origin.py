"""Which origin's pages may call the API, as the header `Access-Control-Allow-Origin` has it."""

import re

# As browsers send it: lower case, no path and no slash, no user, no port that is the scheme's own.
# https://fetch.spec.whatwg.org/#origin-header
_ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)"
    r"[a-z][a-z0-9+.-]*://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?"
)


def check_allowed_origin(allow_origin: str) -> None:
    """Check that it is `*` or an origin that a browser may send.

    Raises:
        ValueError: No browser sends this value, so no page could call the API.
    """
    if allow_origin != "*" and not _ORIGIN.fullmatch(allow_origin):
        raise ValueError(
            "allow_origin must be * or one origin in lower case, as https://app.example.com, "
            f"without a slash at its end, got {allow_origin!r}"
        )
