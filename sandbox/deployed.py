"""What the gateway, Firehose and the website need to know of a deployed program."""

from dataclasses import dataclass, field
from typing import Any

from resource_types.in_sandbox import Inputs


@dataclass(kw_only=True)
class Deployed:
    """Plain JSON, so that it can be kept for the next start."""

    body: Inputs = field(default_factory=dict[str, Any])
    """The API's OpenAPI document."""
    stage: str = ""
    stage_variables: dict[str, str] = field(default_factory=dict[str, str])
    throttle_rate: float = 10_000
    throttle_burst: int = 5_000
    method_limits: dict[str, tuple[float, int]] = field(
        default_factory=dict[str, tuple[float, int]]
    )
    """Rate and burst by method path, such as `operator/recordings/GET`."""
    web_acl: Inputs = field(default_factory=dict[str, Any])
    """Counts callers in front of the stage; empty for none."""
    delivery_streams: list[Inputs] = field(default_factory=list[Inputs])
    website: Inputs = field(default_factory=dict[str, Any])
    """Inputs of the distribution and its parts: see `sandbox.website.distribution`."""
    texts: list[Inputs] = field(default_factory=list[Inputs])
    """S3's PutObject of each object whose text the program wrote: a text may name a URL."""
    made: list[tuple[str, str, Inputs]] = field(default_factory=list[tuple[str, str, Inputs]])
    """Type, id, and the inputs that `destroy` needs, in the order of creation."""
    resources: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Type and name of everything that the program registered."""
