"""What neither AWS's documentation nor a recorded answer decides."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """The answers that the gateway takes; a program must be right under each of them."""

    strips_media_type_parameters: bool = True
    """Whether `application/json; charset=utf-8` is `application/json` to templates, models and
    binary media types. By default it is: RFC 9110 says so, and the request gets further into the
    program that way, where a test sees more. Without, it is a type that has no template."""
    integer_may_have_fraction: bool = False
    """Whether `1.0` and `1e3` are integers to a model. By default not: JSON Schema draft 4, which
    API Gateway names, tells them apart."""
