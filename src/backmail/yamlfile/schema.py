"""File model -> JSON Schema: what editors complete, explain and flag while a person types.

The language server that most editors use for YAML promises draft 7 of JSON Schema and no newer one; pydantic writes a
newer one. What is left after `json_schema` means the same in both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from backmail.yamlfile.shapes import AGAIN

__all__ = ["json_schema", "written"]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_REF = "#/$defs/"
_TOLD = ("description", "default", "examples")  # what people read
_OWN_KEYS = "^x-"  # `yamlfile.bind` lets these pass


class _Quiet(GenerateJsonSchema):
    """A default that JSON cannot say is told by the field's own `json_schema_extra`."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012  # as pydantic has it


def json_schema(model: type[BaseModel], about: str) -> dict[str, Any]:
    """Return the JSON Schema of a file: all that `yamlfile.bind` takes for `model` fits it, slips of the pen do not.

    `about` says what the file is. Every setting has its `description`, and where it has one in words its `default`. No
    part has a title: editors would repeat it above every explanation. Nothing refers to another file; models within
    models are written out.
    """
    made = model.model_json_schema(by_alias=True, ref_template=_REF + "{model}", schema_generator=_Quiet)
    tidied = _tidied(made, made.get("$defs", {}))
    return {"$schema": _DRAFT, **tidied, "description": about}


def written(schema: Mapping[str, Any]) -> str:
    """Return the text of a schema's file; the same schema gives the same text."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _tidied(node: Any, models: Mapping[str, Any]) -> Any:
    """Return a part of a schema with the models that it refers to written out, in draft 7, and no more than is used."""
    if isinstance(node, list):
        return [_tidied(each, models) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        model = {key: value for key, value in models[node["$ref"].removeprefix(_REF)].items() if key != "description"}
        node = {**model, **{key: value for key, value in node.items() if key != "$ref"}}
    said = {key: value for key, value in node.items() if key not in ("$defs", "title", "properties", "default")}
    said = {("$ref" if key == AGAIN else key): _tidied(value, models) for key, value in said.items()}
    if node.get("default") not in (None, "", [], {}) and not isinstance(node["default"], dict):
        said["default"] = node["default"]
    if "properties" in node:
        needed = node.get("required", ())
        kinds = {key: _tidied(value, models) for key, value in node["properties"].items()}
        said["properties"] = {key: kind if key in needed else _or_nothing(kind) for key, kind in kinds.items()}
        if said.get("additionalProperties") is False:
            said["patternProperties"] = {_OWN_KEYS: {}}
    elif isinstance(said.get("additionalProperties"), dict):
        said["additionalProperties"] = _or_nothing(said["additionalProperties"])
    return said


def _or_nothing(kind: dict[str, Any]) -> dict[str, Any]:
    """Return the kind of a value that may be left out behind its key: then it counts as not set."""
    nothing = {"type": "null"}
    inner = {key: value for key, value in kind.items() if key not in _TOLD}
    branches = [each for each in inner.get("anyOf", [inner]) if each != nothing]
    told = {key: value for each in (*branches, kind) for key, value in each.items() if key in _TOLD}
    branches = [{key: value for key, value in each.items() if key not in _TOLD} for each in branches]
    flat = [within for each in branches for within in (each["anyOf"] if set(each) == {"anyOf"} else [each])]
    open_ = next((each for each in flat if "type" in each and not {"enum", "const"} & set(each)), None)
    if open_ is None:
        return {**told, "anyOf": [*flat, nothing]}
    types = open_["type"]
    taking = {**open_, "type": [*([types] if isinstance(types, str) else types), "null"]}
    if len(flat) == 1:
        return {**told, **taking}
    return {**told, "anyOf": [taking if each is open_ else each for each in flat]}
