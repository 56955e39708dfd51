"""The OpenAPI document without what one generator cannot take: `view.py python|rust < rookery.json`.

openapi-python-client drops a whole schema when a free-form object has a default, types an event stream as one event, and asks
for a key where one is only possible.
progenitor knows no multipart bodies (an SDK in Rust uploads with reqwest itself, see smoke/rust) and one body for all successes
of an operation, one for all errors: the unusual one goes.
"""

import json
import sys
from collections import Counter
from typing import Any, Iterator


def operations(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
    for path in document["paths"].values():
        for method in list(path):
            yield path, method, path[method]


def without_object_defaults(node: Any) -> Any:
    if isinstance(node, list):
        return [without_object_defaults(item) for item in node]
    if isinstance(node, dict):
        return {key: without_object_defaults(value) for key, value in node.items() if (key, value) != ("default", {})}
    return node


def python(document: Any) -> Any:
    for _, _, operation in operations(document):
        if {} in operation.get("security", []):
            del operation["security"]
        for response in operation["responses"].values():
            if "text/event-stream" in response.get("content", {}):
                response["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    return without_object_defaults(document)


def schema(response: Any) -> str:
    return json.dumps({kind: content["schema"] for kind, content in response.get("content", {}).items()})


def rust(document: Any) -> Any:
    for path, method, operation in operations(document):
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
            del path[method]
        responses = operation["responses"]
        for statuses in [[s for s in responses if s < "4"], [s for s in responses if s >= "4"]]:
            bodies = {status: schema(responses[status]) for status in statuses}
            usual = Counter(bodies.values()).most_common(1)
            for status in statuses:
                if bodies[status] != usual[0][0]:
                    del responses[status]
    return document


view = {"python": python, "rust": rust}[sys.argv[1]]
json.dump(view(json.load(sys.stdin)), sys.stdout, indent=2)
