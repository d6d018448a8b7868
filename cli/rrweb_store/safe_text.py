"""Text of strangers, made harmless for a terminal.

Titles, addresses, console lines and the server's own messages may hold escape sequences, line
breaks that forge a line of output, and characters that reverse the order of what follows.
"""

import json
import re

# C0, DEL and C1, the ends of lines and paragraphs, bidirectional controls, characters without
# width that are no part of an emoji, tags, more selectors than writing needs (both may carry a
# hidden text), and halves of surrogate pairs.
# https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: object, most: int | None = None) -> str:
    r"""Return the text on one line, with each unsafe character written as its escape.

    >>> printable("a\x1b[2Jb\nc\u202ed")
    'a\\x1b[2Jb\\nc\\u202ed'
    >>> printable("abcdef", most=4)
    'abc…'
    """
    # Cut before the replacement, so that a huge text costs little.
    whole = str(text)
    cut = whole if most is None or len(whole) <= most else f"{whole[: most - 1]}…"
    return _UNSAFE.sub(lambda found: _NAMED.get(found[0]) or _escape(found[0]), cut)


def json_string(text: str) -> str:
    r"""Return a string of JSON, which JavaScript reads alike, with unsafe characters as escapes.

    >>> print(json_string('é\u202e"`'))
    "é\u202e\"`"
    """
    return _UNSAFE.sub(
        lambda found: json.dumps(found[0])[1:-1], json.dumps(text, ensure_ascii=False)
    )


def ascii_json(line: bytes) -> bytes:
    r"""Return a line of JSON that holds no character outside ASCII, and means the same.

    >>> ascii_json('{"a":"\u009bé😀"}'.encode())
    b'{"a":"\\u009b\\u00e9\\ud83d\\ude00"}'
    """
    text = line.decode("utf-8", "replace")
    escaped = re.sub(r"[^\x20-\x7e]", lambda found: _json_escape(found[0]), text)
    return escaped.encode("ascii")


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(character: str) -> str:
    # Outside a string JSON has no such character but white space, which a line does not need.
    if character in "\t\r\n":
        return " "
    halves = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))
