"""Calls the Python library: reads one JSON request per line from stdin, writes one JSON answer per line to stdout.

Values are JSON, which serves for records of integers and text. The registry is that of AWS_ENDPOINT_URL_GLUE.
"""

import base64
import json
import sys
from uuid import UUID

import boto3
from aws_schema_registry import DataAndSchema, SchemaRegistryClient
from aws_schema_registry.adapter.kafka import KafkaDeserializer, KafkaSerializer
from aws_schema_registry.avro import AvroSchema
from aws_schema_registry.jsonschema import JsonSchema

SCHEMAS = {"AVRO": AvroSchema, "JSON": JsonSchema}


class Library:
    def __init__(self, registry, wait_seconds):
        glue = boto3.client("glue", region_name="us-east-1")
        self.client = SchemaRegistryClient(
            glue, registry_name=registry, wait_interval_seconds=wait_seconds
        )
        self.deserializer = KafkaDeserializer(self.client)
        self.serializers = {}

    def serialize(self, topic, format, schema, value, mode=None):
        if mode not in self.serializers:
            settings = {} if mode is None else {"compatibility_mode": mode}
            self.serializers[mode] = KafkaSerializer(self.client, **settings)
        data = DataAndSchema(value, SCHEMAS[format](schema))
        return {"bytes": base64.b64encode(self.serializers[mode].serialize(topic, data)).decode()}

    def deserialize(self, topic, bytes):
        data, schema = self.deserializer.deserialize(topic, base64.b64decode(bytes))
        return {"value": data, "format": schema.data_format}

    def register(self, name, format, schema, metadata):
        version = self.client.get_or_register_schema_version(
            schema, name, format, metadata=metadata
        )
        return describe(version)

    def find(self, id):
        return describe(self.client.get_schema_version(UUID(id)))

    def find_by_definition(self, name, schema):
        return {"id": str(self.client.get_schema_by_definition(schema, name).version_id)}


def describe(version):
    return {
        "id": str(version.version_id),
        "name": version.schema_name,
        "number": version.version_number,
        "format": version.data_format,
        "status": version.status,
    }


def chain(error):
    texts = []
    while error is not None:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__
    return " <- ".join(texts)


def main(registry, wait_seconds):
    library = Library(registry, float(wait_seconds))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(library, request.pop("do"))(**request)
        except Exception as error:  # the caller decides whether a failure is expected
            answer = {"error": chain(error)}
        print(json.dumps(answer), flush=True)


main(*sys.argv[1:])
