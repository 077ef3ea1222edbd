"""The page on registering sources, with every field as the model declares it, and the JSON schema for editors.

``python -m tasks.sources.page > docs/sources.md``; with ``--schema`` the schema.
"""

from __future__ import annotations

import json
import sys
from importlib import resources
from typing import Any

from tasks.sources.registration import Source

_FIRST = ("Source", "ListingEntry", "ApiEntry", "SitemapEntry", "FeedEntry", "UrlEntry", "UrlsEntry", "FolderEntry")
"""The order in which a reader wants them; the others follow by name."""


def registration_schema() -> dict[str, Any]:
    """The JSON schema of a registration."""
    return Source.model_json_schema()


def render_page() -> str:
    """The guide, then a table of fields for each part of a registration."""
    guide = resources.files("tasks.sources").joinpath("page.md").read_text(encoding="utf-8")
    schema = registration_schema()
    parts = {"Source": schema} | schema["$defs"]
    order = [name for name in _FIRST if name in parts] + sorted(set(parts) - set(_FIRST))
    lines = [guide.rstrip(), "", "## Every field", ""]
    lines += [
        "Generated from the registry's model; [sources.schema.json](sources.schema.json) is the same for editors "
        "(`# yaml-language-server: $schema=…`).",
        "",
    ]
    for name in order:
        lines += _section(name, parts[name])
    return "\n".join(lines).rstrip() + "\n"


def _section(name: str, part: dict[str, Any]) -> list[str]:
    lines = [f"### {name}", "", " ".join(part.get("description", "").split()), ""]
    lines += ["| Field | Value | Meaning |", "|---|---|---|"]
    for field, about in part.get("properties", {}).items():
        needed = " (required)" if field in part.get("required", ()) else ""
        default = about.get("default")
        shown = (
            ""
            if default in (None, [], {}) or isinstance(default, dict)
            else f"; {json.dumps(default, ensure_ascii=False)}"
        )
        meaning = " ".join(about.get("description", "").split()).replace("|", "\\|").replace("``", "`")
        lines.append(f"| `{field}`{needed} | {_kind(about)}{shown} | {meaning} |")
    return [*lines, ""]


def _kind(about: dict[str, Any]) -> str:
    if "$ref" in about:
        name = str(about["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in about:
        return " \\| ".join(f"`{value}`" for value in about["enum"])
    for several in ("anyOf", "oneOf"):
        if several in about:
            return " \\| ".join(dict.fromkeys(_kind(one) for one in about[several] if one.get("type") != "null"))
    if about.get("type") == "array":
        return f"list of {_kind(about.get('items', {}))}"
    if about.get("type") == "object":
        values = about.get("additionalProperties")
        return f"mapping to {_kind(values)}" if isinstance(values, dict) and values else "mapping"
    return str(about.get("format") or about.get("type") or "anything")


if __name__ == "__main__":
    if "--schema" in sys.argv:
        sys.stdout.write(json.dumps(registration_schema(), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(render_page())
