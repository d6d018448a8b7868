"""The stack's configuration; an error in it takes one line and names the key."""

import re
import traceback
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import pulumi
import yaml
from pulumi.runtime import config as runtime

_WORDS = re.compile(r"^[a-z]+\b|\b[a-z]+(?:_[a-z]+)+\b")


class SettingError(pulumi.RunError, ValueError):
    """The configuration cannot be built; the message names what to set, and to what.

    Pulumi prints only the message of a `RunError`, without a traceback.
    """


@contextmanager
def own_settings(project: Path) -> Generator[pulumi.Config]:
    """Yield the config; report a `ValueError` under its config key.

    Raises:
        SettingError: A key is not declared in `Pulumi.yaml`, or a value is refused. Pulumi's
            `--debug` shows the traceback.
    """
    document = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    declared = [key for key in document["config"] if ":" not in key]
    refuse_undeclared(_given(pulumi.get_project()), declared)
    try:
        yield pulumi.Config()
    except ValueError as error:
        pulumi.log.debug(traceback.format_exc())
        raise SettingError(in_keys(str(error), declared)) from error


def _given(project: str) -> list[str]:
    """Return the keys of the project that have a value, from the CLI or from mocks."""
    full = {**runtime.get_config_env(), **runtime.CONFIG.get()}
    return [key.removeprefix(f"{project}:") for key in full if key.startswith(f"{project}:")]


def refuse_undeclared(given: Iterable[str], declared: Collection[str]) -> None:
    """Check that every key is declared; Pulumi itself accepts any.

    >>> refuse_undeclared(["shards"], ["retentionDays"])
    Traceback (most recent call last):
    ...
    components.release.own_settings.SettingError: Pulumi.yaml declares no shards, nor one like it

    Raises:
        SettingError: A key is not declared. The message suggests the nearest declared key.
    """
    unknown = [key for key in given if key not in declared]
    if unknown:
        whys = (f"no {key}{_nearest(key, declared)}" for key in sorted(unknown))
        raise SettingError(f"Pulumi.yaml declares {', '.join(whys)}")


def _nearest(key: str, declared: Collection[str]) -> str:
    lower = {one.lower(): one for one in declared}
    found = get_close_matches(key.lower(), lower, n=1)
    return f": is it {lower[found[0]]}?" if found else ", nor one like it"


def in_keys(message: str, declared: Collection[str]) -> str:
    """Return the message of a component with the names of its arguments as the keys that set them.

    An argument has the name of the key that sets it, or the key's last words.

    >>> in_keys("buffer_seconds must be 60..900, got 10", ["firehoseBufferSeconds"])
    'firehoseBufferSeconds must be 60..900, got 10'
    """
    about, got, value = message.partition(", got ")
    return _WORDS.sub(lambda found: key_of(found[0], declared), about) + got + value


def key_of(argument: str, declared: Collection[str]) -> str:
    """Return the one key that sets an argument of this name, or the name if none or several do.

    >>> key_of("domain", ["siteDomain", "siteFolder"])
    'siteDomain'
    """
    words = argument.split("_")
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    if camel in declared:
        return camel
    found = [key for key in declared if key.endswith(camel[0].upper() + camel[1:])]
    return found[0] if len(found) == 1 else argument
