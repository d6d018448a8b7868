"""Events of a recorded page."""

import json
from typing import Any

Event = dict[str, Any]
Node = dict[str, Any]


def ndjson(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def text(id_: int, content: str) -> Node:
    return {"type": 3, "id": id_, "textContent": content}


def element(id_: int, tag: str, *children: Node, **attributes: Any) -> Node:
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    nodes = list(children)
    return {"type": 2, "id": id_, "tagName": tag, "attributes": named, "childNodes": nodes}


def meta(at: float, href: str, width: int = 1280, height: int = 720) -> Event:
    return {"type": 4, "timestamp": at, "data": {"href": href, "width": width, "height": height}}


def snapshot(at: float, *body: Node, title: str = "Teas") -> Event:
    head = element(3, "head", element(4, "title", text(5, title)))
    html = element(2, "html", head, element(6, "body", *body))
    document = {"type": 0, "id": 1, "childNodes": [html]}
    return {"type": 2, "timestamp": at, "data": {"node": document}}


def did(at: float, source: int, **data: Any) -> Event:
    return {"type": 3, "timestamp": at, "data": {"source": source, **data}}


def click(at: float, id_: object) -> Event:
    return did(at, 2, type=2, id=id_)


def typed(at: float, id_: int, value: str, *, is_checked: bool = False) -> Event:
    return did(at, 5, id=id_, text=value, isChecked=is_checked)


def told(at: float, tag: str, **payload: Any) -> Event:
    data = {"tag": f"rrweb-store:{tag}", "payload": payload}
    return {"type": 5, "timestamp": at, "data": data}


def console(at: float, level: str, *arguments: object) -> Event:
    payload = {"level": level, "trace": ["f (a.js:1)"], "payload": list(map(json.dumps, arguments))}
    return {"type": 6, "timestamp": at, "data": {"plugin": "rrweb/console@1", "payload": payload}}


def network(at: float, *requests: dict[str, Any]) -> Event:
    data = {"plugin": "rrweb/network@1", "payload": {"requests": requests}}
    return {"type": 6, "timestamp": at, "data": data}
