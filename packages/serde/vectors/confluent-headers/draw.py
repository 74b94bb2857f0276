"""Writes records with Confluent's serializers for Python, the schema id in the prefix and in a header, and reads them back.

    pip install "confluent-kafka[avro,json,protobuf,schemaregistry]==2.16.1" grpcio-tools==1.85.1
    python draw.py > cases.json

The registry is the one that the library has for tests. Its GUIDs are random, so each run gives other headers.
"""

import base64
import json
import os
import sys
import tempfile

from confluent_kafka import schema_registry
from confluent_kafka.schema_registry import SchemaRegistryClient, header_schema_id_serializer
from confluent_kafka.schema_registry import prefix_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import SerializationContext
from google.protobuf import descriptor_pb2, json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

AVRO = json.dumps({
    "type": "record", "name": "Order", "namespace": "shop",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "cents", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
})  # fmt: skip
JSON = json.dumps({
    "$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "type": "object",
    "properties": {"id": {"type": "string"}, "cents": {"type": "integer"}}, "required": ["id"],
})  # fmt: skip
PROTO = """syntax = "proto3";
package shop;
message Order {
  string id = 1;
  int64 cents = 2;
}
message Basket {
  message Line {
    string product = 1;
    message Tax { int32 percent = 1; }
  }
  message Empty {}
  repeated Line lines = 1;
}
""" + "".join(f"message M{i} {{ bool yes = 1; }}\n" for i in range(2, 70))

AVRO_CASES = [
    (AVRO, {"id": "order-1", "cents": 5, "note": None}, '{"id":"order-1","cents":5,"note":null}'),
    (AVRO, {"id": "é", "cents": 2**53 + 1, "note": "x"}, '{"id":"é","cents":9007199254740993,"note":{"string":"x"}}'),
    # The first byte of this body is that of a frame.
    (AVRO, {"id": "", "cents": 0, "note": "abcd"}, '{"id":"","cents":0,"note":{"string":"abcd"}}'),
    (AVRO, {"id": "", "cents": 0, "note": None}, '{"id":"","cents":0,"note":null}'),
    ('"string"', "k-1", '"k-1"'),
]
JSON_CASES = [
    (JSON, {"id": "a", "cents": 5}),
    (JSON, {"id": "é"}),
]
PROTO_CASES = [
    ("shop.Order", {"id": "a", "cents": "5"}),
    ("shop.Order", {}),
    ("shop.Basket", {"lines": [{"product": "b"}, {}]}),
    ("shop.Basket.Line", {"product": "b"}),
    ("shop.Basket.Line.Tax", {"percent": 19}),
    ("shop.Basket.Empty", {}),
    # The index is a varint of two bytes.
    ("shop.M64", {"yes": True}),
]


def pool_of(text):
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "shop.proto"), "w").write(text)
        out = os.path.join(folder, "out")
        if protoc.main(["protoc", f"-I{folder}", f"--descriptor_set_out={out}", "shop.proto"]) != 0:
            sys.exit("protoc refuses the file")
        files = descriptor_pb2.FileDescriptorSet.FromString(open(out, "rb").read())
    pool = DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


POOL = pool_of(PROTO)
ID_SERIALIZERS = {"prefix": prefix_schema_id_serializer, "header": header_schema_id_serializer}


def serdes():
    """The format, the schema, the message, the value as text, the value, and functions that make serializer and deserializer."""
    for schema, value, text in AVRO_CASES:
        yield (
            *("AVRO", schema, None, text, value),
            lambda client, conf, schema=schema: AvroSerializer(client, schema, conf=conf),
            lambda client: AvroDeserializer(client),
        )
    for schema, value in JSON_CASES:
        yield (
            *("JSON", schema, None, json.dumps(value, ensure_ascii=False), value),
            lambda client, conf, schema=schema: JSONSerializer(schema, client, conf=conf),
            lambda client, schema=schema: JSONDeserializer(schema, schema_registry_client=client),
        )
    for name, value in PROTO_CASES:
        message = GetMessageClass(POOL.FindMessageTypeByName(name))
        yield (
            *("PROTOBUF", PROTO, name, json.dumps(value), json_format.ParseDict(value, message())),
            lambda client, conf, message=message: ProtobufSerializer(message, client, conf=conf),
            lambda client, message=message: ProtobufDeserializer(message, schema_registry_client=client),
        )


def read(deserializer, part, bytes_, headers):
    return deserializer(bytes_, SerializationContext("t", part, headers))


def outcome(*arguments):
    try:
        read(*arguments)
        return "read"
    except Exception:
        return "refused"


def base64_of(bytes_):
    return base64.b64encode(bytes_).decode()


def altered(format_, value):
    """Names of headers that no serializer writes, and their values."""
    guid = value[:17]
    yield "an id in place of the GUID", b"\x00\x00\x00\x00\x01" + value[17:]
    yield "no byte", b""
    yield "another first byte", b"\x02" + value[1:]
    yield "a GUID that is cut", value[:16]
    yield "an id that is cut", b"\x00\x00\x00\x01"
    yield "a byte after the end", value + b"\x00"
    if format_ == "PROTOBUF":
        yield "no message indexes", guid
        yield "message indexes that are cut", guid + b"\x04\x02"
        yield "a varint that is cut", guid + b"\x02\x80"
        yield "a negative count", guid + b"\x01"
        yield "a message that the file does not have", guid + b"\x02\xff\x7f"


def main():
    cases, damaged, schemas = [], [], []
    for format_, schema, message, text, value, serializer_of, deserializer_of in serdes():
        if schema not in schemas:
            schemas.append(schema)
        schema = schemas.index(schema)
        for part in ["value", "key"]:
            for framing, id_serializer in ID_SERIALIZERS.items():
                client = SchemaRegistryClient.new_client({"url": "mock://"})
                serializer = serializer_of(client, {"schema.id.serializer": id_serializer})
                headers = []
                body = serializer(value, SerializationContext("t", part, headers))
                (registered,) = client._store.schema_id_index.values()
                deserializer = deserializer_of(client)
                # The deserializer for Avro takes no record below 6 bytes, whatever its headers say.
                is_read = format_ != "AVRO" or len(body) >= 6
                assert not is_read or read(deserializer, part, body, headers) == value, text
                cases.append({
                    "format": format_, "schema": schema, **({"message": message} if message else {}), "value": text,
                    "part": part, "schemaIdIn": framing, "schemaId": registered.schema_id, "guid": registered.guid,
                    "headers": [{name: base64_of(bytes_)} for name, bytes_ in headers], "body": base64_of(body),
                    "read": is_read,
                })  # fmt: skip
                if part == "key" or framing == "prefix" or any(one["format"] == format_ for one in damaged):
                    continue
                ((name, bytes_),) = headers
                for alteration, header in altered(format_, bytes_):
                    damaged.append({
                        "format": format_, "schema": schema, "alteration": alteration, "guid": registered.guid,
                        "header": base64_of(header), "body": base64_of(body),
                        "outcome": outcome(deserializer, part, body, [(name, header)]),
                    })  # fmt: skip
    lists = {"schemas": schemas, "cases": cases, "damaged": damaged}
    rows = [
        f' "{name}": [\n' + ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in rows) + "\n ]"
        for name, rows in lists.items()
    ]
    print("{\n" + ",\n".join(rows) + "\n}")


main()
