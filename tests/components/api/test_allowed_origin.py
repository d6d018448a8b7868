"""Which values of the header that lets a page call the API any browser could match."""

import pytest

from components.api.allowed_origin import check_allowed_origin


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://app.example.com",
        "http://localhost:8080",
        "http://[::1]:3000",
        "https://xn--bcher-kva.example",
        "chrome-extension://abcdefghijklmnop",
    ],
)
def test_any_or_an_origin_is_taken(origin: str) -> None:
    check_allowed_origin(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "foo",
        "",
        "null",
        "https://app.example.com/",
        "https://app.example.com/page",
        "https://App.example.com",
        "https://user@app.example.com",
        "https://app.example.com:443",
        "http://app.example.com:80",
        "https://*.example.com",
        "https://a.example https://b.example",
        "https://app.example.com\n",
        "https://app.example.com'",
    ],
)
def test_what_no_browser_would_match_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match=r"allow_origin must be \* or one origin"):
        check_allowed_origin(origin)
