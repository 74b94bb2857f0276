"""Draws .proto files whose names shadow each other and asks protoc what each name stands for.

    pip install grpcio-tools==1.85.1
    python draw.py SEED COUNT > cases.json

`cases.json` was drawn with seed 7 and 420 cases, half of which protoc accepts.
"""

import json
import os
import random
import sys
import tempfile

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

TYPES = ["A", "B", "C", "D"]
SCOPES = ["a", "b"]
PACKAGES = ["", "a", "a.b", "a.b.c", "b", "A", "a.A"]


class File:
    """Draws the text of one file."""

    def __init__(self, draw, imports):
        self.draw = draw
        self.syntax = draw.choice(["proto2", "proto3", "proto3"])
        # Values of enums are named beside their enum, so they are unique.
        self.value = draw.randint(0, 10**7)
        package = draw.choice(PACKAGES)
        parts = [f'syntax = "{self.syntax}";']
        if package:
            parts.append(f"package {package};")
        parts += [f'import {draw.choice(["", "public "])}"{path}";' for path in imports]
        for name in draw.sample(TYPES, draw.randint(1, 4)):
            parts.append(f"message {name} {{ {self.body(0)} }}")
        if draw.random() < 0.3:
            parts.append(f"service S {{ rpc R({self.reference()}) returns ({self.reference()}); }}")
        self.text = " ".join(parts)

    def reference(self):
        parts = [self.draw.choice(TYPES + SCOPES) for _ in range(self.draw.choice([1, 1, 1, 2, 2, 3]))]
        if self.draw.random() < 0.6:
            parts[-1] = self.draw.choice(TYPES)
        return ("." if self.draw.random() < 0.1 else "") + ".".join(parts)

    def body(self, depth):
        draw, lines, used = self.draw, [], set()
        for number in range(1, draw.randint(0, 3) + 1):
            kind = draw.random()
            name = draw.choice(TYPES + SCOPES) if draw.random() < 0.3 or kind < 0.55 else f"f{number}"
            # A name that is declared twice now and then, which protoc refuses.
            if name in used and draw.random() < 0.95:
                continue
            used.add(name)
            if kind < 0.45 and depth < 3:
                lines.append(f"message {name} {{ {self.body(depth + 1)} }}")
            elif kind < 0.55:
                self.value += 1
                value = draw.choice(TYPES + SCOPES) if draw.random() < 0.2 else f"V{self.value}"
                lines.append(f"enum {name} {{ {value} = 0; }}")
            elif kind < 0.9:
                label = "optional " if self.syntax == "proto2" else draw.choice(["", "optional ", "repeated "])
                if draw.random() < 0.15:
                    lines.append(f"map<string, {self.reference()}> {name} = {number};")
                else:
                    lines.append(f"{label}{self.reference()} {name} = {number};")
            elif kind < 0.95:
                lines.append(f"oneof {name} {{ {self.reference()} o{number} = {number}; }}")
            elif self.syntax == "proto2":
                extension = f"x{draw.randint(0, 999999)}"
                lines.append(
                    f"extend {self.reference()} {{ optional int32 {extension} = {draw.randint(1000, 9999)}; }}"
                )
        if self.syntax == "proto2":
            lines.append("extensions 1000 to max;")
        draw.shuffle(lines)
        return " ".join(lines)


def draw_case(draw):
    references = []
    for index in range(draw.choice([0, 0, 1, 2, 3])):
        imports = [file["name"] for file in references if draw.random() < 0.6]
        references.append({"name": f"f{index}.proto", "definition": File(draw, imports).text})
    imports = [file["name"] for file in references if draw.random() < 0.6]
    return {"definition": File(draw, imports).text, "references": references}


def ask_protoc(case, folder):
    """The full name that each field and rpc has as its type, or None if protoc refuses the file."""
    for file in [*case["references"], {"name": "main.proto", "definition": case["definition"]}]:
        with open(os.path.join(folder, file["name"]), "w") as written:
            written.write(file["definition"])
    result = os.path.join(folder, "descriptors")
    if protoc.main(["protoc", f"-I{folder}", f"--descriptor_set_out={result}", "main.proto"]) != 0:
        return None
    with open(result, "rb") as read:
        [file] = descriptor_pb2.FileDescriptorSet.FromString(read.read()).file
    types = {}

    def add(message, scope):
        name = f"{scope}.{message.name}" if scope else message.name
        entries = {f"{name}.{nested.name}": nested for nested in message.nested_type if nested.options.map_entry}
        for field in message.field:
            type_name = field.type_name[1:]
            if type_name in entries:
                type_name = entries[type_name].field[1].type_name[1:]
            if type_name:
                types[f"{name}.{field.name}"] = type_name
        for nested in message.nested_type:
            if not nested.options.map_entry:
                add(nested, name)

    for message in file.message_type:
        add(message, file.package)
    for service in file.service:
        scope = f"{file.package}.{service.name}" if file.package else service.name
        for rpc in service.method:
            types[f"{scope}.{rpc.name}"] = f"{rpc.input_type[1:]} {rpc.output_type[1:]}"
    return types


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(seed)
    cases = {True: [], False: []}
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with tempfile.TemporaryDirectory() as folder:
        while min(len(kept) for kept in cases.values()) < count // 2:
            case = draw_case(draw)
            types = ask_protoc(case, folder)
            # Files without a name to resolve say nothing.
            if types == {} or len(json.dumps(case)) > 900:
                continue
            kept = cases[types is not None]
            if len(kept) < count // 2:
                kept.append({**case, "types": types})
    lines = [json.dumps(case) for kept in cases.values() for case in kept]
    print("[\n" + ",\n".join(lines) + "\n]")


main()
