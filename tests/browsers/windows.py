"""Closes the windows of an X display as the buttons in their frames do.

Xvfb has no window manager that draws such buttons, and no program of Debian's sends their message
without one. https://x.org/releases/X11R7.6/doc/xorg-docs/specs/ICCCM/icccm.html#window_deletion
"""

import ctypes
from collections.abc import Iterator
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

XLIB = "libX11.so.6"  # GTK needs it, too
CLIENT_MESSAGE = 33


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, with the room of an XEvent."""

    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("message_type", c_ulong),
        ("format", c_int),
        ("data", c_long * 5),
        ("room", c_long * 12),
    )


def close_windows(display: str) -> None:
    """Ask every window of a display to close, so far as its program listens to that."""
    xlib = _xlib()
    connection = xlib.XOpenDisplay(display.encode())
    if not connection:
        raise OSError(f"no connection to the display {display}")
    protocols, delete = (
        xlib.XInternAtom(connection, name, False) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
    )
    for window in _windows_of(xlib, connection):
        known, number = POINTER(c_ulong)(), c_int()
        xlib.XGetWMProtocols(connection, window, byref(known), byref(number))
        if delete in known[: number.value]:
            data = (c_long * 5)(delete)
            message = _ClientMessage(
                CLIENT_MESSAGE, 0, False, connection, window, protocols, 32, data
            )
            xlib.XSendEvent(connection, window, False, 0, byref(message))
    xlib.XCloseDisplay(connection)  # after all is sent


def _windows_of(xlib: ctypes.CDLL, connection: int) -> Iterator[int]:
    root, parent, windows, number = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
    top = xlib.XDefaultRootWindow(connection)
    xlib.XQueryTree(connection, top, byref(root), byref(parent), byref(windows), byref(number))
    yield from windows[: number.value]


def _xlib() -> ctypes.CDLL:
    xlib = ctypes.CDLL(XLIB)
    at = POINTER(c_ulong)
    xlib.XOpenDisplay.restype = c_void_p
    xlib.XOpenDisplay.argtypes = [c_char_p]
    xlib.XCloseDisplay.argtypes = [c_void_p]
    xlib.XInternAtom.restype = c_ulong
    xlib.XInternAtom.argtypes = [c_void_p, c_char_p, c_int]
    xlib.XDefaultRootWindow.restype = c_ulong
    xlib.XDefaultRootWindow.argtypes = [c_void_p]
    xlib.XQueryTree.argtypes = [c_void_p, c_ulong, at, at, POINTER(at), POINTER(c_uint)]
    xlib.XGetWMProtocols.argtypes = [c_void_p, c_ulong, POINTER(at), POINTER(c_int)]
    xlib.XSendEvent.argtypes = [c_void_p, c_ulong, c_int, c_long, POINTER(_ClientMessage)]
    return xlib
