"""Questions that neither AWS's documentation nor a recorded answer decides."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """The answers that the gateway assumes; a program must work with each of them."""

    strips_media_type_parameters: bool = True
    """Whether `application/json; charset=utf-8` is `application/json` to templates, models and
    binary media types. True by default: RFC 9110 says so, and the request gets further into the
    program, so tests cover more. Otherwise it is a type without a template."""
    integer_may_have_fraction: bool = False
    """Whether a model accepts `1.0` and `1e3` as integers. False by default: JSON Schema draft 4,
    which API Gateway names, distinguishes them."""
