"""What a document tells its reader to type."""

import re
import shlex

from sandbox.program import PROJECT

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of code: its language, and the code."""


def blocks(document: str, language: str) -> list[str]:
    """Return the code of every block of a language."""
    return [code for found, code in BLOCK.findall(document) if found == language]


def commands_in(document: str) -> list[list[str]]:
    """Return every command of its shell blocks and of its prose, those in `$(…)` too, as words."""
    prose = BLOCK.sub("", document)
    inline = re.findall(r"`([^`\n]+)`", prose)
    lines = [line for block in blocks(document, "sh") for line in block.splitlines()]
    lines += [text for text in inline if re.match(r"(make|pulumi|aws|gh|curl|export) \S", text)]
    inner = [found for line in lines for found in re.findall(r"\$\(([^)]+)\)", line)]
    outer = [re.sub(r"\$\([^)]+\)", "substituted", line) for line in lines]
    return [words for line in (*outer, *inner) if (words := shlex.split(line, comments=True))]


def unknown_to_make(calls: list[list[str]]) -> list[str]:
    """Return the targets that there are not, and the variables that a target does not read.

    Each call is the target and its variables, such as `["deploy", "STACK=dev"]`.
    """
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    unknown: list[str] = []
    for target, *variables in calls:
        rule = re.search(rf"^{target}:(.*)\n((?:\t.*\n)*)", makefile, re.MULTILINE)
        if not rule:
            unknown.append(target)
            continue
        # What a target needs may read a variable for it; tests read the environment's.
        needed = re.findall(r"[\w-]+", rule[1].partition("##")[0])
        recipes = [
            re.search(rf"^{one}:.*\n((?:\t.*\n)*)", makefile, re.MULTILINE) for one in needed
        ]
        text = rule[2] + "".join(one[1] for one in recipes if one)
        read = set(re.findall(r"\$[({](?:value )?(\w+)", text))
        if target != "e2e":
            unknown += [one for one in variables if one.partition("=")[0] not in read]
    return unknown
