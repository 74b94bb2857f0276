"""How the consumer's S3 sink writes Avro values as JSON (docs/sinks.md), as Spark types, and back."""

from __future__ import annotations

import json
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

Schema = Any
"""An Avro schema as parsed JSON: a name, a list (union) or an object."""

PRIMITIVES = {
    'null': T.StringType(),
    'boolean': T.BooleanType(),
    'int': T.IntegerType(),
    'long': T.LongType(),
    'float': T.FloatType(),
    'double': T.DoubleType(),
    'bytes': T.BinaryType(),
    'fixed': T.BinaryType(),
    'string': T.StringType(),
    'enum': T.StringType(),
}


def json_type(schema: Schema) -> T.DataType:
    """The Spark type that reads such values from JSON lines: times as numbers, bytes from base64.

    :raises ValueError: a name that the schema uses twice, or a decimal of more than 38 digits: Spark has no such type
    """
    if isinstance(schema, list):
        branches = branches_of(schema)
        if len(branches) == 1:
            return json_type(branches[0])
        return T.StructType([T.StructField(branch_name(branch), json_type(branch)) for branch in branches])
    kind = kind_of(schema)
    if kind == 'record':
        return T.StructType([T.StructField(field['name'], json_type(field['type'])) for field in schema['fields']])
    if kind == 'array':
        return T.ArrayType(json_type(schema['items']))
    if kind == 'map':
        return T.MapType(T.StringType(), json_type(schema['values']))
    if logical_type(schema) == 'decimal':
        return decimal_type(schema)
    if kind not in PRIMITIVES:
        raise ValueError(f'expected a type that is defined where it is used, got the name {kind}')
    return PRIMITIVES[kind]


def restored(value: Column, schema: Schema) -> Column:
    """A value that was read as its `json_type`, with timestamps and dates, and defaults where a field is absent."""
    if isinstance(schema, list):
        branches = branches_of(schema)
        if len(branches) == 1:
            return restored(value, branches[0])
        fields = [restored(value[branch_name(branch)], branch).alias(branch_name(branch)) for branch in branches]
        return F.when(value.isNotNull(), F.struct(*fields))
    kind = kind_of(schema)
    if kind == 'record':
        fields = [restored_field(value, field).alias(field['name']) for field in schema['fields']]
        return F.when(value.isNotNull(), F.struct(*fields))
    if kind == 'array':
        return F.transform(value, lambda item: restored(item, schema['items']))
    if kind == 'map':
        return F.transform_values(value, lambda _, item: restored(item, schema['values']))
    convert = TIMES.get((kind, logical_type(schema)))
    return convert(value) if convert else value


TIMES = {
    ('long', 'timestamp-millis'): F.timestamp_millis,
    ('long', 'timestamp-micros'): F.timestamp_micros,
    ('int', 'date'): F.date_from_unix_date,
}


def restored_field(record: Column, field: dict[str, Any]) -> Column:
    value = record[field['name']]
    # A union has a null of its own, which is not distinguished from an absent field.
    if 'default' in field and not isinstance(field['type'], list):
        value = F.coalesce(value, default_value(field))
    return restored(value, field['type'])


def default_value(field: dict[str, Any]) -> Column:
    spark_type = json_type(field['type'])
    if isinstance(spark_type, T.BinaryType):
        return F.lit(field['default'].encode('latin-1'))
    if isinstance(spark_type, (T.StructType, T.ArrayType, T.MapType)):
        return F.from_json(F.lit(json.dumps(field['default'])), spark_type)
    return F.lit(field['default']).cast(spark_type)


def kind_of(schema: Schema) -> str:
    return schema if isinstance(schema, str) else schema['type']


def logical_type(schema: Schema) -> str | None:
    return schema.get('logicalType') if isinstance(schema, dict) else None


def branches_of(union: list[Schema]) -> list[Schema]:
    return [branch for branch in union if branch != 'null']


def branch_name(branch: Schema) -> str:
    """The field of a union of several types: a type, or the name of a record, enum or fixed without its namespace."""
    name = branch.get('name') if isinstance(branch, dict) else None
    return name.rsplit('.', 1)[-1] if name else kind_of(branch)


def decimal_type(schema: dict[str, Any]) -> T.DecimalType:
    if schema['precision'] > 38:
        raise ValueError(f"expected a decimal of at most 38 digits, got {schema['precision']}")
    return T.DecimalType(schema['precision'], schema.get('scale', 0))
