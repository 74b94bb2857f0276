"""Draws small .proto files, changes a token or a value of most of them, and asks protoc whether it accepts the file.

    pip install grpcio-tools==1.85.1
    python draw.py SEED COUNT > cases.json

`cases.json` was drawn with seed 11 and 600 cases, half of which protoc accepts.
"""

import json
import os
import random
import re
import sys
import tempfile

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

KNOWN = os.path.join(os.path.dirname(protoc.__file__), "_proto")

INTEGERS = ["int32", "uint32", "sint32", "fixed32", "sfixed32", "int64", "uint64", "sint64", "fixed64", "sfixed64"]
SCALARS = [*INTEGERS, "bool", "string", "bytes", "float", "double"]
LITERALS = [
    *["0", "1", "-1", "2", "5", "08", "010", "0x1F", "0x", "1.5", "-1.5", ".5", "1.", "1e3", "1e", "1f", "+1"],
    *["127", "128", "18999", "19000", "19999", "20000", "536870911", "536870912", "2147483647", "2147483648"],
    *["-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808"],
    *["-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616"],
    *["99999999999999999999999", "1e400", "-0", "00", "-0x10", "inf", "-inf", "nan", "-nan", "max", "- 1"],
    *["true", "false", "True", "NIL", "ONE", "NONE", "SPEED", "STRING", "JS_STRING", "unknown", "a.b"],
    *['""', '"a"', "'b'", '"a" "b"', '"a"\'b\'', r'"\n\x41\101\u00e9\U0001F600\?"', r'"\q"', r'"\x"', r'"\u12"'],
    *[r'"\xff"', r'"\ud800"', r'"\ud83d\ude00"', r'"\U00110000"', r'"\400"', '"a\nb"', '"true"', '"1"', '"Ü"', '"ONE"'],
    *["{}", "{ a: 1 }", "{ a: 1 b: \"x\" }", "{ unknown: 1 }", "[1, 2]", "[]", "-", "<>", "{ a: }", "{ a: 1, }"],
]
WORDS = [
    *["message", "enum", "oneof", "service", "rpc", "returns", "stream", "extend", "extensions", "reserved", "option"],
    *["optional", "required", "repeated", "map", "group", "import", "public", "weak", "package", "syntax", "to", "max"],
    *["default", "json_name", "packed", "deprecated", "lazy", "ctype", "jstype", "allow_alias", "map_entry", "retention"],
    *["M", "N", "E", "a", "b", "c", "ZERO", "x", "p", "o", *SCALARS],
]
SIGNS = [*";{}=[](),.<>:/-", "/* c */", "// c\n", "#", "\\", "'", '"', "@", "\u00a0", "\ufeff", "\x00", "é"]
TOKEN = re.compile(r"""//[^\n]*\n|/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.]+|\s+|.""", re.S)

# Where README says that this package differs from protoc.
LEFT_OUT = re.compile(r"map_entry|features|\bgroup\b|edition =|Q_A")

FILE_OPTIONS = [
    *[("java_package", '"a.b"'), ("java_multiple_files", "true"), ("optimize_for", "SPEED"), ("go_package", '"x"')],
    *[("deprecated", "true"), ("cc_enable_arenas", "true"), ("java_string_check_utf8", "false")],
]
FIELD_OPTIONS = [
    *[("deprecated", "true"), ("json_name", '"x"'), ("packed", "false"), ("jstype", "JS_NORMAL"), ("weak", "false")],
    *[("ctype", "STRING"), ("debug_redact", "true"), ("retention", "RETENTION_SOURCE"), ("targets", "TARGET_TYPE_FIELD")],
    *[("lazy", "false"), ("edition_defaults", '{ edition: EDITION_PROTO2, value: "x" }')],
]
PACKED = ("packed", "true")
JAVASCRIPT = ("jstype", "JS_STRING")
LAZY = [("lazy", "true"), ("unverified_lazy", "true")]
CUSTOM = [
    *[("(i)", "5"), ("(s)", '"x"'), ("(b)", "true"), ("(e)", "ONE"), ("(f)", "1.5"), ("(u)", "7"), ("(l)", "-5")],
    *[("(y)", '"\\xff"'), ("(m)", '{ a: 1 b: "x" }'), ("(m).a", "1"), ("(m).n.a", "2"), ("(r)", "1"), ("(d)", "inf")],
    *[("(m)", "{ n { a: 1 } r: [1, 2] r: 3 e: ONE }"), ("(m)", "{ n: < a: 1 >; d: -1e3, d: inf }"), ("(p.i)", "1")],
]
# Two of them set one option more than once, as a whole and in parts.
SETTINGS = [
    *[("(m)", '{ a: 1 }'), ("(m)", '{ b: "x" n { a: 1 } }'), ("(m)", "{}"), ("(m)", "{ n { n { a: 1 } } }")],
    *[("(m).a", "1"), ("(m).b", '"x"'), ("(m).n", "{ a: 1 }"), ("(m).n.a", "2"), ("(m).n.b", '"y"'), ("(m).n.n.a", "3")],
    *[("(m).(O.a)", "1"), ("(m).n.(O.n).b", '"z"'), ("(p.m).r", "1"), ("(m).r", "[1, 2]"), ("(m)", "{ x: 1 }")],
    *[("(m)", "{ x: 1 y: 2 }"), ("(m).x", "1"), ("(m).y", "2"), ("(m)", "{ [p.O.a]: 1 }"), ("(r)", "1"), ("(i)", "5")],
    *[("deprecated", "true"), ("(google.protobuf.FieldOptions.deprecated)", "true"), ("debug_redact", "false")],
]
RANGE_OPTIONS = [("verification", "UNVERIFIED"), ("(v)", "1"), ("(vs)", "{ a: 1 }"), ("(vs).b", '"x"')]
EXTENSIONS = """message O { optional int32 a = 1; optional string b = 2; optional O n = 3; repeated int32 r = 4;
  optional F e = 5; repeated double d = 6; oneof w { int32 x = 7; int32 y = 8; } } enum F { ZERO = 0; ONE = 1; }
  extend google.protobuf.FieldOptions { optional int32 i = 50001; optional string s = 50002; optional bool b = 50003;
  optional F e = 50004; optional float f = 50005; optional uint32 u = 50006; optional int64 l = 50007;
  optional bytes y = 50008; optional O m = 50009; repeated int32 r = 50010; optional double d = 50011; }
  extend google.protobuf.ExtensionRangeOptions { optional int32 v = 50001; optional O vs = 50002; }"""


class File:
    """Draws the text of a file that protoc accepts, most of the time."""

    def __init__(self, draw):
        self.draw = draw
        self.syntax = draw.choice(["proto2", "proto3"])
        self.numbers = {"": 0}
        self.value = 0
        self.custom = draw.random() < 0.25
        self.has_enum = draw.random() < 0.4
        parts = [f'syntax = "{self.syntax}";'] if self.syntax == "proto3" or draw.random() < 0.8 else []
        if draw.random() < 0.5 or self.custom:
            parts.append("package p;")
        if self.custom:
            parts += ['import "google/protobuf/descriptor.proto";', self.extensions()]
        elif draw.random() < 0.15:
            parts.append(f'import {draw.choice(["", "public ", "weak "])}"google/protobuf/timestamp.proto";')
        if draw.random() < 0.25:
            parts.append("option %s = %s;" % draw.choice(FILE_OPTIONS))
        parts.append(self.message("M", 0))
        if self.has_enum:
            parts.append(self.enum("E", ["NIL", "ONCE"]))
        if draw.random() < 0.15:
            parts.append("service S { %s }" % self.rpc())
        if self.syntax == "proto2" and draw.random() < 0.2:
            more = " ".join(f"extensions {200 + one}{self.range_options()};" for one in range(draw.choice([0, 1, 2])))
            parts.append("message X { %sextensions 100 to 199%s; %s } extend X { %s }" % (
                draw.choice(["", "", "", "option message_set_wire_format = true; "]),
                draw.choice(["", ", 500 to max", self.range_options(), self.range_options()]), more,
                "%s %s x = 1%d%s;" % (draw.choice(["optional", "repeated"]), draw.choice(SCALARS), draw.randint(10, 99),
                                      self.options([("deprecated", "true"), ("packed", "false")]))))
        self.text = " ".join(parts)

    def extensions(self):
        return EXTENSIONS if self.syntax == "proto2" else EXTENSIONS.replace("optional ", self.draw.choice(["", "optional "]))

    def range_options(self):
        draw = self.draw
        known = RANGE_OPTIONS if self.custom else RANGE_OPTIONS[:1]
        return draw.choice(["", " [%s]" % ", ".join("%s = %s" % draw.choice(known) for _ in range(draw.choice([1, 1, 2])))])

    def options(self, known, also=(), often=0.4):
        draw = self.draw
        if self.custom and known is FIELD_OPTIONS and draw.random() < 0.25:
            return " [%s]" % ", ".join("%s = %s" % draw.choice(SETTINGS) for _ in range(draw.choice([2, 2, 3])))
        if draw.random() > often:
            return ""
        from_list = CUSTOM if self.custom and known is FIELD_OPTIONS and draw.random() < 0.7 else known
        return " [%s]" % ", ".join(
            "%s = %s" % one for one in dict(draw.sample([*from_list, *also], draw.choice([1, 1, 1, 2]))).items()
        )

    def rpc(self):
        draw = self.draw
        end = draw.choice([";", " {}", " { option deprecated = true; }", " { option idempotency_level = IDEMPOTENT; ; }"])
        return f"rpc R({draw.choice(['', 'stream '])}M) returns ({draw.choice(['', 'stream '])}M){end}"

    def enum(self, name, values):
        draw = self.draw
        parts = []
        if draw.random() < 0.3:
            parts.append("option deprecated = true;")
        if draw.random() < 0.15:
            parts += ["option allow_alias = true;", f"{values[0]}_TOO = 0;"]
        for number, value in enumerate(values):
            if draw.random() < 0.15 and number > 0:
                number = draw.choice([0, -1, 7, 2147483647])
            parts.append(f"{value} = {number}{self.options([('deprecated', 'true'), ('debug_redact', 'true')], often=0.15)};")
        if draw.random() < 0.25:
            parts.append(draw.choice(["reserved 5;", "reserved 5 to 9, 11;", "reserved -3 to -2;", "reserved 20 to max;",
                                      'reserved "OLD", "OLDER";', "reserved 8 to 9; reserved 3;"]))
        return f"enum {name} {{ {' '.join(parts)} }}"

    def default(self, kind):
        draw = self.draw
        if self.syntax == "proto3" or draw.random() > 0.4:
            return None
        if kind in INTEGERS:
            return ("default", draw.choice(["0", "5", "0x10", "017"] + ([] if "u" in kind or kind.startswith("f") else ["-7"])))
        values = {"bool": ["true", "false"], "string": ['"x"', '"a" "b"'], "bytes": ['"\\377"', '"x"'],
                  "float": ["1", "1.5", "inf", "-inf", "nan", "-1e3"], "double": ["1", "1.5e300", "-inf"], "E": ["NIL"]}
        return ("default", draw.choice(values[kind])) if kind in values else None

    def field(self, depth, inside=""):
        draw = self.draw
        self.value += 1
        number = self.value if draw.random() < 0.9 else draw.choice([0x10 + self.value, 1000 + self.value, 20000 + self.value])
        name = draw.choice("abcdfgh") + draw.choice(["", "", "_x", "_y_z", "X"]) + str(self.value)
        kind = draw.random()
        if kind < 0.12 and not inside:
            key = draw.choice([*INTEGERS, "bool", "string"])
            value = draw.choice([*SCALARS, "M"])
            return f"map<{key}, {value}> {name} = {number}{self.options([('deprecated', 'true'), ('json_name', chr(34) + 'x' + chr(34))], often=0.2)};"
        type_name = draw.choice(SCALARS if kind < 0.85 else ["M", "google.protobuf.FieldOptions.JSType" if self.custom else "M", ".p.M" if self.custom else "M", "E" if self.has_enum else "M"])
        label = "" if inside else draw.choice(["optional ", "optional ", "repeated ", "required "] if self.syntax == "proto2"
                                             else ["", "", "optional ", "repeated "])
        also = [LAZY[0], LAZY[1]] if type_name.endswith("M") else [JAVASCRIPT] if "64" in type_name else []
        if label == "repeated " and type_name in SCALARS and type_name not in ("string", "bytes"):
            also = [*also, PACKED, PACKED]
        options = self.options(FIELD_OPTIONS, also)
        default = self.default(type_name) if label != "repeated " else None
        if default:
            options = " [%s = %s%s" % (*default, options.replace(" [", ", ") if options else "]")
        return f"{label}{type_name} {name} = {number if draw.random() < 0.93 else hex(number)}{options};"

    def message(self, name, depth):
        draw = self.draw
        kept, self.value = self.value, 0
        parts = [self.field(depth) for _ in range(draw.randint(1, 3))]
        if draw.random() < 0.25:
            parts.append("oneof o { %s }" % " ".join(self.field(depth, "o") for _ in range(draw.randint(1, 2))))
        if draw.random() < 0.25:
            parts.append(draw.choice(["reserved 40;", "reserved 40 to 50, 60;", "reserved 500 to max;", 'reserved "old";',
                                      'reserved "old", "older";', "reserved 40; reserved 41 to 42;", 'reserved 9; reserved "z";']))
        if self.syntax == "proto2" and draw.random() < 0.25:
            parts.append(draw.choice(["extensions 100;", "extensions 100 to 199, 300;", "extensions 70000 to max;"]))
        if draw.random() < 0.15:
            parts.append("option %s = %s;" % draw.choice([("deprecated", "true"), ("no_standard_descriptor_accessor", "true"),
                                                             ("deprecated_legacy_json_field_conflicts", "true")]))
        if depth == 0 and draw.random() < 0.2:
            parts.append(self.message("N", 1))
        if draw.random() < 0.12:
            parts.append(self.enum("K" + name, ["K0" + name, "K1" + name]))
        self.value = kept
        draw.shuffle(parts)
        return f"message {name} {{ {' '.join(parts)} }}"


def changed(draw, text):
    """The text with a token or a value that is removed, added, replaced or moved."""
    tokens = TOKEN.findall(text)
    solid = [index for index, token in enumerate(tokens) if not token.isspace()]
    at = draw.choice(solid)
    way = draw.random()
    if way < 0.12:
        del tokens[at]
    elif way < 0.22:
        tokens[at] = f" {draw.choice(WORDS)} "
    elif way < 0.28:
        tokens[at] = draw.choice(SIGNS)
    elif way < 0.36:
        tokens.insert(at, draw.choice([f" {draw.choice(WORDS)} ", draw.choice(SIGNS), f" {draw.choice(LITERALS)} "]))
    elif way < 0.41:
        other = draw.choice(solid)
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif way < 0.46:
        tokens.insert(at, tokens[at] + " ")
    elif way < 0.5:
        # A statement twice.
        ends = [index for index in solid if tokens[index] == ";"]
        if len(ends) > 1:
            first = draw.randrange(len(ends) - 1)
            statement = tokens[ends[first] + 1 : ends[first + 1] + 1]
            tokens[ends[first] + 1 : ends[first] + 1] = statement
    elif way < 0.6:
        added = draw.choice(FIELD_OPTIONS + FILE_OPTIONS + LAZY + [PACKED, JAVASCRIPT, ("ctype", "CORD"), ("default", "1"), ("unknown", "1"), ("map_entry", "true"), ("features.x", "A"),
                                                          ("allow_alias", "true"), ("message_set_wire_format", "false"), ("message_set_wire_format", "true"), ("(none)", "1"),
                                                          ("uninterpreted_option", "{}"), ("declaration", "{}"), ("verification", "UNVERIFIED")])
        value = draw.choice([added[1], draw.choice(LITERALS)])
        ends = [index for index in solid if tokens[index] == ";"]
        if ends:
            end = draw.choice(ends)
            tokens.insert(end, f" [{added[0]} = {value}]")
            if draw.random() < 0.3:
                tokens[end] = f"; option {added[0]} = {value}"
    elif way < 0.68:
        ends = [index for index in solid if tokens[index] in "{;"]
        tokens.insert(draw.choice(ends) + 1, " %s " % draw.choice([
            *["reserved 1;", "reserved 9 to 5;", "reserved 1 to 3, 2;", 'reserved "a1", "a1";', "reserved;", "reserved a;", 'reserved "a b";'],
            *["reserved -1;", "reserved 0;", "reserved 1 to 536870912;", "reserved max;", "oneof q {}", "oneof a1 { int32 z = 77; }"],
            *["extensions 1 to 5;", "extensions 9 to 5;", "extensions 100 to 150; extensions 150 to 160;", "extensions 0;", 'import "x.proto";'],
            *["enum Q {}", "enum Q { Q1 = 1; Q0 = 0; }", "enum Q { Q0 = 0; Q1 = 0; }", "enum Q { Q0 = 0; q0 = 0; option allow_alias = true; }"],
            *["enum Q { Q_A = 0; A = 1; }", "enum Q { option allow_alias = true; Q0 = 0; Q1 = 1; }", "enum Q { Q0 = 0; Q0x = 2; reserved 2; }"],
            *["message Q { oneof o { optional int32 a = 1; } }", "message Q { oneof o { repeated int32 a = 1; } }", "message Q { extensions 4 to max; }"],
            *["message Q { oneof o { map<int32, int32> a = 1; } }", "message Q { map<float, int32> a = 1; }", "message Q { map<string, M> a = 1; }"],
            *["message Q { optional int32 aB = 1; optional int32 a_b = 2; }", "message Q { int32 aB = 1; int32 a_b = 2; }", "message Q { int32 aB = 1; int32 aB_ = 2; }"],
            *['message Q { int32 a = 1 [json_name = "b"]; int32 b = 2; }', 'message Q { optional int32 a = 1 [json_name = "b"]; optional int32 b = 2; }'],
            *['message Q { optional int32 a = 1 [json_name = "j"]; optional int32 b = 2 [json_name = "j"]; }', 'message Q { int32 a = 1 [json_name = "[j]"]; }'],
            *["extend M { optional int32 q = 100; }", "extend M { int32 q = 100; }", "extend N { }", "extend M { }", "extend M { repeated int32 q = 9 [packed = true]; }"],
            *["message Q { repeated string a = 1 [packed = true]; }", "message Q { repeated M a = 1 [packed = true]; }", "message Q { optional group G = 1 { } }"],
            *["message Q { optional int32 a = 1; extensions 1 to 4; }", "message Q { reserved 4; extensions 1 to 4; }", "import public \"google/protobuf/any.proto\";"],
            *["message Q { optional E e = 1 [default = NONE]; }", "message Q { optional E e = 1 [default = 0]; }", "message Q { E e = 1; }", "package q;", "option optimize_for = FAST;"],
            *["message Q { optional int32 a = 1 [default = 1, default = 2]; }", 'message Q { optional int32 a = 1 [json_name = "a", json_name = "b"]; }'],
            *["message Q { optional int32 a = 1 [deprecated = true, deprecated = true]; }", "service Q { rpc A(int32) returns (M); }", "service Q { }", "edition = \"2023\";"],
            *["message Q { option deprecated_legacy_json_field_conflicts = true; int32 aB = 1; int32 a_b = 2; }"],
            *["message Q { option message_set_wire_format = true; extensions 4 to max; } extend Q { optional M q = 536870912; }"],
            *["message Q { option message_set_wire_format = true; extensions 4; } extend Q { repeated M q = 4; }"],
            *["message Q { reserved a, b; }", "message QEntry { } message Q2 { map<int32, int32> q = 1; message QEntry {} }", 'syntax = "proto3";', "enum Q { Q0 = 0 [(x) = 1]; }"],
            *["message Q { oneof o { int32 a = 1 [default = 1]; } oneof p { option (x) = 1; } }", "message Q { int32 a = 1 []; }", "message Q { optional string a = 1 [ctype = 5]; }"],
        ]))
    else:
        # Another value for an option, a number or a name.
        values = [index for index in solid if re.fullmatch(r"""[\d.][\w.]*|["'].*|true|false|[A-Z]\w*|to""", tokens[index], re.S)]
        if values:
            tokens[draw.choice(values)] = draw.choice(LITERALS)
    return "".join(tokens)


def draw_case(draw):
    text = File(draw).text
    for _ in range(draw.choice([0, 1, 1, 1, 1, 2])):
        text = changed(draw, text)
    return text


def ask_protoc(definition, folder):
    """The descriptor of the file, or None if protoc refuses it."""
    with open(os.path.join(folder, "main.proto"), "w", newline="") as written:
        written.write(definition)
    result = os.path.join(folder, "descriptors")
    if protoc.main(["protoc", f"-I{folder}", f"-I{KNOWN}", f"--descriptor_set_out={result}", "main.proto"]) != 0:
        return None
    with open(result, "rb") as read:
        return descriptor_pb2.FileDescriptorSet.FromString(read.read()).file[0]


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(seed)
    cases = {True: [], False: []}
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with tempfile.TemporaryDirectory() as folder:
        while min(len(kept) for kept in cases.values()) < count // 2:
            text = draw_case(draw)
            if len(text) > 1600 or LEFT_OUT.search(text):
                continue
            accepts = ask_protoc(text, folder) is not None
            kept = cases[accepts]
            if len(kept) < count // 2:
                kept.append({"definition": text, "accepted": accepts})
    lines = [json.dumps(case) for kept in cases.values() for case in kept]
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
