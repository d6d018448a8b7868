"""URLs of this machine for AWS's domain names."""

import re
from dataclasses import dataclass, field
from typing import Any, cast

DISTRIBUTION_DOMAIN = "sandbox.cloudfront.net"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Replaces DNS and certificates, which the sandbox does not have."""

    region: str
    api: str
    """Such as `http://127.0.0.1:8080`."""
    sign_in: str
    site: str
    s3: str = ""
    """URL of S3 for functions; empty if it is that of the other services."""
    site_domains: list[str] = field(default_factory=lambda: [DISTRIBUTION_DOMAIN])
    """Domains of the site. The distribution adds its own domain, if it has one."""

    def local(self, value: Any) -> Any:
        """Return JSON whose URLs on AWS are replaced by those of this machine."""
        if isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            return {key: self.local(one) for key, one in members.items()}
        if isinstance(value, list):
            return [self.local(one) for one in cast("list[Any]", value)]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        hosts = {
            self.api: rf"[a-z0-9*-]+\.execute-api\.{self.region}\.amazonaws\.com",
            self.sign_in: rf"[a-z0-9*-]+\.auth\.{self.region}\.amazoncognito\.com",
            self.site: "|".join(map(re.escape, self.site_domains)),
        }
        for here, pattern in hosts.items():
            text = re.sub(rf"https://(?:{pattern})(?![\w.-])", here, text)
        return text

    @property
    def urls(self) -> dict[str, str]:
        return {"api": self.api, "sign_in": self.sign_in, "site": self.site}


def moved(text: str, before: dict[str, str], now: dict[str, str]) -> str:
    """Return a text whose URLs of an earlier start are replaced by those of this one.

    >>> moved("http://127.0.0.1:80/v1", {"api": "http://127.0.0.1:80"}, {"api": "http://[::1]:9"})
    'http://[::1]:9/v1'
    """
    names = {url: name for name, url in before.items()}
    pattern = "|".join(map(re.escape, names))
    return re.sub(rf"({pattern})(?!\d)", lambda found: now[names[found[1]]], text)
