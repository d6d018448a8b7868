"""`make site-key`: print a new write key for a site of the setting `sites`."""

import secrets
import string

_CHARACTERS = string.ascii_lowercase + string.digits
_LENGTH = 24


def site_key() -> str:
    """Return a key of 124 random bits, which no one can guess."""
    return "wk_" + "".join(secrets.choice(_CHARACTERS) for _ in range(_LENGTH))


if __name__ == "__main__":
    print(site_key())
