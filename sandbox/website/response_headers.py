"""The headers that a response headers policy adds."""

from typing import Any

_CONTENT_TYPE_OPTIONS = ("X-Content-Type-Options", "nosniff")


def policy_headers(policy: dict[str, Any]) -> dict[str, str]:
    """Return the headers of a `ResponseHeadersPolicy`, given its inputs.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html

    Raises:
        ValueError: It has an input that the sandbox does not understand.
    """
    unknown = set(policy) - {"name", "comment", "securityHeadersConfig", "customHeadersConfig"}
    if unknown:
        raise ValueError(f"the sandbox does not understand {sorted(unknown)} of a headers policy")
    headers: dict[str, str] = {}
    for kind, value in policy.get("securityHeadersConfig", {}).items():
        if not value.get("override"):
            raise ValueError(
                f"{kind} does not override: set `override`, since S3 sends no such header"
            )
        match kind:
            case "contentSecurityPolicy":
                headers["Content-Security-Policy"] = value["contentSecurityPolicy"]
            case "contentTypeOptions":
                headers.update([_CONTENT_TYPE_OPTIONS])
            case "referrerPolicy":
                headers["Referrer-Policy"] = value["referrerPolicy"]
            case "strictTransportSecurity":
                headers["Strict-Transport-Security"] = _strict_transport(value)
            case _:
                raise ValueError(f"the sandbox does not understand {kind} of a headers policy")
    for item in policy.get("customHeadersConfig", {}).get("items", []):
        headers[item["header"]] = item["value"]
    return headers


def _strict_transport(value: dict[str, Any]) -> str:
    parts = [f"max-age={value['accessControlMaxAgeSec']}"]
    parts += ["includeSubDomains"] * bool(value.get("includeSubdomains"))
    parts += ["preload"] * bool(value.get("preload"))
    return "; ".join(parts)
