"""For clients of the sandbox's own servers, which speak HTTP without TLS."""

import ssl

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no server. By default each client of httpx reads all certificates anew, in some 20 ms."""
