"""Prints, as JSON, the input shapes of the operations that are its arguments, as botocore has them."""

import json
import sys

from botocore.loaders import Loader

KEPT = ("type", "min", "max", "pattern", "enum")
model = Loader().load_service_model("glue", "service-2", "2017-03-31")
shapes = {}


def describe(name):
    shape = model["shapes"][name]
    kept = {key: shape[key] for key in KEPT if key in shape}
    if kept["type"] == "long":
        kept["type"] = "integer"
    for key in ("member", "key", "value"):
        if key in shape:
            kept[key] = shape[key]["shape"]
            visit(kept[key])
    if kept["type"] == "structure":
        kept["required"] = shape.get("required", [])
        kept["members"] = {key: member["shape"] for key, member in shape["members"].items()}
        for member in kept["members"].values():
            visit(member)
    return kept


def visit(name):
    if name not in shapes:
        shapes[name] = {}
        shapes[name] = describe(name)


operations = {
    name: describe(model["operations"][name]["input"]["shape"]) for name in sys.argv[1:]
}
json.dump({"operations": operations, "shapes": shapes}, sys.stdout)
