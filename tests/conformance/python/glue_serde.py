"""Calls the Python library: reads one JSON request per line from stdin, writes one JSON answer per line to stdout.

JSON has fewer types than Python. python-value.ts describes how the others are written.
"""

import base64
import datetime
import decimal
import io
import json
import struct
import sys
import uuid

import boto3
import fastavro
from aws_schema_registry import DataAndSchema, SchemaRegistryClient
from aws_schema_registry.adapter.kafka import KafkaDeserializer, KafkaSerializer
from aws_schema_registry.avro import AvroSchema
from aws_schema_registry.jsonschema import JsonSchema
from kafka import KafkaConsumer, KafkaProducer

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)
MIDNIGHT = datetime.datetime.combine(datetime.date(1970, 1, 1), datetime.time())


def from_json(value):
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    [(kind, content)] = value.items()
    return FROM_JSON[kind](content)


FROM_JSON = {
    'dict': lambda entries: {key: from_json(value) for key, value in entries.items()},
    'branch': lambda pair: (pair[0], from_json(pair[1])),
    'float': lambda digits: struct.unpack('>d', bytes.fromhex(digits))[0],
    'bytes': base64.b64decode,
    'datetime': lambda micros: EPOCH + micros * MICROSECOND,
    'local': lambda micros: (EPOCH + micros * MICROSECOND).replace(tzinfo=None),
    'date': lambda days: (EPOCH + datetime.timedelta(days=days)).date(),
    'time': lambda micros: (MIDNIGHT + micros * MICROSECOND).time(),
    'decimal': lambda pair: decimal.Decimal(
        (int(pair[0] < 0), tuple(int(digit) for digit in str(abs(pair[0]))), pair[1])
    ),
    'uuid': uuid.UUID,
}


def to_json(value):
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {'dict': {key: to_json(item) for key, item in value.items()}}
    if isinstance(value, float):
        return {'float': struct.pack('>d', value if value == value else float('nan')).hex()}
    if isinstance(value, bytes):
        return {'bytes': base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return {'local': (value.replace(tzinfo=datetime.timezone.utc) - EPOCH) // MICROSECOND}
        return {'datetime': (value - EPOCH) // MICROSECOND}
    if isinstance(value, datetime.date):
        return {'date': (value - EPOCH.date()).days}
    if isinstance(value, datetime.time):
        return {'time': (datetime.datetime.combine(MIDNIGHT, value) - MIDNIGHT) // MICROSECOND}
    if isinstance(value, decimal.Decimal):
        sign, digits, exponent = value.as_tuple()
        unscaled = int(''.join(map(str, digits)))
        return {'decimal': [-unscaled if sign else unscaled, exponent]}
    if isinstance(value, uuid.UUID):
        return {'uuid': str(value)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f'unsupported type: {type(value)}')


class Library:
    def __init__(self, endpoint):
        glue = boto3.client(
            'glue',
            region_name='us-east-1',
            endpoint_url=endpoint,
            aws_access_key_id='test',
            aws_secret_access_key='test',
        )
        client = SchemaRegistryClient(glue, registry_name='conformance')
        self.serializer = KafkaSerializer(client)
        self.deserializer = KafkaDeserializer(client)

    def serialize(self, topic, schema, value):
        data = DataAndSchema(from_json(value), AvroSchema(schema))
        return {'bytes': encoded(self.serializer.serialize(topic, data))}

    def deserialize(self, topic, bytes):
        data, schema = self.deserializer.deserialize(topic, base64.b64decode(bytes))
        return {'value': to_json(data), 'schema': str(schema)}

    def echo(self, topic, bytes):
        data_and_schema = self.deserializer.deserialize(topic, base64.b64decode(bytes))
        return {'bytes': encoded(self.serializer.serialize(topic, data_and_schema))}

    def serialize_json(self, topic, schema, value):
        """A JSON Schema record. The value is JSON text, which Python's json module reads exactly."""
        data = DataAndSchema(json.loads(value), JsonSchema(schema))
        return {'bytes': encoded(self.serializer.serialize(topic, data))}

    def deserialize_json(self, topic, bytes):
        data, schema = self.deserializer.deserialize(topic, base64.b64decode(bytes))
        return {'value': json.dumps(data), 'schema': str(schema)}

    def read_container(self, bytes):
        """The records of an object container file, and its codec, by fastavro, on which the library stands."""
        reader = fastavro.reader(io.BytesIO(base64.b64decode(bytes)))
        return {'values': [to_json(value) for value in reader], 'codec': reader.codec}

    def place(self, order_ids, partitions):
        """The key of each order, and the partition that KafkaProducer gives it."""
        partitioner = KafkaProducer.DEFAULT_CONFIG['partitioner']
        everything = list(range(partitions))
        keys = [order_key(order_id) for order_id in order_ids]
        return {
            'keys': [encoded(key) for key in keys],
            'partitions': [partitioner(key, everything, everything) for key in keys],
        }

    def produce(self, servers, topic, schema, order_id, value):
        producer = KafkaProducer(bootstrap_servers=servers, value_serializer=self.serializer)
        data = DataAndSchema(from_json(value), AvroSchema(schema))
        sent = producer.send(topic, key=order_key(order_id), value=data).get(timeout=30)
        producer.close()
        return {'partition': sent.partition, 'offset': sent.offset}

    def consume(self, servers, topic, count):
        consumer = KafkaConsumer(
            topic,
            bootstrap_servers=servers,
            auto_offset_reset='earliest',
            enable_auto_commit=False,
            value_deserializer=self.deserializer,
            consumer_timeout_ms=30_000,
        )
        records = []
        for record in consumer:
            records.append(
                {
                    'partition': record.partition,
                    'offset': record.offset,
                    'key': encoded(record.key),
                    'value': to_json(record.value.data),
                }
            )
            if len(records) == count:
                break
        consumer.close()
        return {'records': records}


def order_key(order_id):
    return json.dumps({'order_id': order_id}).encode('utf-8')


def encoded(content):
    return base64.b64encode(content).decode()


def chain(error):
    causes = [f'{type(error).__name__}: {error}']
    while error.__cause__ is not None:
        error = error.__cause__
        causes.append(f'{type(error).__name__}: {error}')
    return ' <- '.join(causes)


def main(endpoint):
    library = Library(endpoint)
    actions = {
        name: getattr(library, name)
        for name in (
            'serialize',
            'deserialize',
            'serialize_json',
            'deserialize_json',
            'echo',
            'read_container',
            'place',
            'produce',
            'consume',
        )
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = actions[request.pop('do')](**request)
        except Exception as error:  # the caller decides whether a failure is expected
            answer = {'error': chain(error)}
        print(json.dumps(answer), flush=True)


main(sys.argv[1])
