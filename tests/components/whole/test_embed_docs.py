"""docs/embed.md: its programs ask for what there is, and the one in Python runs."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.program import PROJECT
from tests.components.whole.given import golden_schema
from tests.documents import blocks
from tests.engine import deploy

DOCUMENT = (PROJECT / "docs" / "embed.md").read_text(encoding="utf-8")
STORE: dict[str, Any] = golden_schema()["resources"]["rrweb-store:index:RrwebStore"]


def block(language: str) -> str:
    (found,) = blocks(DOCUMENT, language)
    return found


def test_the_python_program_makes_a_store_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "__main__.py"
    program.write_text(block("python").replace("retention_days=30", "website=False"), "utf-8")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "rrweb-store").symlink_to(PROJECT)
    monkeypatch.chdir(tmp_path)

    engine = deploy(lambda: runpy.run_path(str(program), run_name="__main__"))

    (url,) = engine.exports["writeUrls"].values()
    assert url.endswith("/w/wk_0123456789abcdefghijklmn")


def test_the_yaml_program_asks_for_what_the_schema_has() -> None:
    program: Any = yaml.safe_load(block("yaml"))
    (store,) = program["resources"].values()
    outputs: list[str] = re.findall(r"\$\{replay\.(\w+)\}", block("yaml"))

    assert store["type"] == "rrweb-store:RrwebStore"
    assert set(store["properties"]) <= set(STORE["inputProperties"])
    assert outputs
    assert set(outputs) <= set(STORE["properties"])


@pytest.mark.parametrize("language", ["typescript", "go"])
def test_the_other_programs_ask_for_what_the_schema_has(language: str) -> None:
    known = {one.lower() for one in (*STORE["inputProperties"], *STORE["properties"])}
    site = golden_schema()["types"]["rrweb-store:index:RecordedSite"]["properties"]
    inputs = re.findall(r"^\s+(\w+):\s+\S.*,$", block(language), re.MULTILINE)
    outputs = re.findall(r"\bstore\.(\w+)", block(language))

    assert {"region", "retentiondays"} <= {one.lower() for one in inputs}
    assert {one.lower() for one in (*inputs, *outputs)} <= known | {one.lower() for one in site}


def test_every_output_is_named() -> None:
    table = DOCUMENT.partition("| output |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))

    assert sorted(named) == sorted(STORE["properties"])
