"""Decodes Avro records of the AWS Glue Schema Registry in Spark, each by the schema that it was written with.

A record's value is a frame: 1 byte 03, 1 byte compression (00 none, 05 zlib), 16 bytes id of the schema version (a
UUID), then the body. Copy this file, or pass it to `spark-submit` with `--py-files`.
"""

from __future__ import annotations

import json
import uuid
import zlib
from dataclasses import dataclass
from typing import Callable, Mapping

import boto3
from botocore.config import Config
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro
from pyspark.sql.types import BinaryType

HEADER_BYTES = 18
ZLIB = 5
MAX_INFLATED_BYTES = 32 * 1024 * 1024

# Appended to each body, and read as a field after the value. `from_avro` ignores bytes after a value, and its mode
# PERMISSIVE returns a record of nulls for a damaged one, which is also a valid record of some schemas. The seal is read
# back unchanged only if the value was decoded and ended where the body ended.
SEAL = bytes.fromhex('6f7264657273ab1d')


@dataclass(frozen=True)
class WriterSchema:
    """What the registry knows of a schema version id: its Avro definition, or why its records cannot be decoded."""

    definition: str | None = None
    problem: str | None = None


class GlueSchemas:
    """Schemas of AWS Glue by their version id, each fetched once. Used on the driver alone.

    Region, credentials and endpoint (`AWS_ENDPOINT_URL_GLUE`) are those that boto3 finds. The role needs
    `glue:GetSchemaVersion`.
    """

    def __init__(self, client=None) -> None:
        retries = Config(retries={'mode': 'standard', 'total_max_attempts': 5})
        self._client = client or boto3.client('glue', config=retries)
        self._found: dict[uuid.UUID, WriterSchema] = {}

    def find(self, version_id: uuid.UUID) -> WriterSchema:
        """Asks Glue the first time. An id that Glue does not know is asked again by the next call.

        :raises botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: Glue refuses or does not answer.
            The records may be good: repeat the batch.
        """
        if version_id not in self._found:
            try:
                answer = self._client.get_schema_version(SchemaVersionId=str(version_id))
            except self._client.exceptions.EntityNotFoundException:
                return WriterSchema(problem='UnknownSchemaError')
            self._found[version_id] = writer_schema(answer['DataFormat'], answer['SchemaDefinition'])
        return self._found[version_id]


def writer_schema(data_format: str, definition: str) -> WriterSchema:
    """What a schema version of the registry means for its records."""
    if data_format != 'AVRO':
        return WriterSchema(problem='FormatNotLoadedError')
    try:
        json.loads(definition)
    except ValueError:
        return WriterSchema(problem='InvalidSchemaError')
    return WriterSchema(definition)


def decode(
    records: DataFrame,
    schemas: GlueSchemas,
    reader_schema: str,
    *,
    column: str = 'value',
    into: str = 'order',
    problem: str = 'problem',
    max_inflated_bytes: int = MAX_INFLATED_BYTES,
) -> DataFrame:
    """Decodes a column of frames. No record fails the job: a record that cannot be decoded gets a problem.

    Reads `records` once to find their schema version ids. So they must be static: a table, files, a topic that was
    read with `spark.read`, or the batch that `foreachBatch` passes.

    :param records: any columns, among them `column` of type binary; null is a tombstone
    :param reader_schema: Avro definition of the result. Fields that a writer did not have get their defaults.
    :param into: name of the added column with the value, which is null for tombstones and problems. Its fields are
        nullable, whatever the schema says.
    :param problem: name of the added column with the reason why a frame is not decoded, else null. The reasons have
        the names of the consumer's dead letters: `NotAFrameError`, `DamagedFrameError`, `UnknownSchemaError`,
        `InvalidSchemaError`, `FormatNotLoadedError` (not Avro), `ReaderSchemaMismatchError`
    :param max_inflated_bytes: limit of a body that zlib compressed
    :raises botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: see `GlueSchemas.find`
    """
    frame = F.col(column)
    versions, has_zlib = header_content(records, frame)
    writers = {version: schemas.find(version) for version in versions}
    definitions = {version: found.definition for version, found in writers.items() if found.definition}
    # Without compressed records, no Python process is started on the executors.
    inflate = inflating(max_inflated_bytes) if has_zlib else lambda _: F.lit(None).cast('binary')
    sealed = records.withColumn('_sealed', sealed_body(frame, inflate))
    opened = sealed.withColumn('_opened', opened_by_version(frame, definitions, reader_schema))
    is_decoded = has_seal(F.col('_opened'))
    return (
        opened.withColumn(problem, F.when(~is_decoded, problem_of(frame, writers)))
        .withColumn(into, F.when(is_decoded, F.col('_opened.value')))
        .drop('_sealed', '_opened')
    )


def header_content(records: DataFrame, frame: Column) -> tuple[list[uuid.UUID], bool]:
    """The distinct schema version ids of the records, and whether any body is compressed."""
    header = [version_bytes(frame).alias('id'), is_zlib(frame).alias('is_zlib')]
    rows = records.where(is_frame(frame)).select(*header).distinct().collect()
    return sorted({uuid.UUID(bytes=bytes(row.id)) for row in rows}), any(row.is_zlib for row in rows)


def is_frame(frame: Column) -> Column:
    """Whether the bytes begin as a frame and have a whole header."""
    return (F.substring(frame, 1, 1) == bytes([3])) & (F.length(frame) >= HEADER_BYTES)


def is_zlib(frame: Column) -> Column:
    return F.substring(frame, 2, 1) == bytes([ZLIB])


def version_bytes(frame: Column) -> Column:
    return F.substring(frame, 3, 16)


def sealed_body(frame: Column, inflate: Callable[[Column], Column]) -> Column:
    """The inflated body and the seal. Null if the bytes are not a frame, or their body cannot be inflated."""
    body = F.substr(frame, F.lit(HEADER_BYTES + 1))
    is_plain = F.substring(frame, 2, 1) == bytes([0])
    # Spark calls a Python function for every row. A null is cheap, so only compressed bodies are passed.
    inflated = inflate(F.when(is_frame(frame) & is_zlib(frame), body))
    return F.concat(F.when(is_frame(frame) & is_plain, body).otherwise(inflated), F.lit(SEAL))


def inflating(max_bytes: int) -> Callable[[Column], Column]:
    """A function of columns that inflates zlib streams. Null for a damaged stream, or a body above `max_bytes`."""

    # Nested, so that Spark sends its code to the executors, which then do not need this file.
    def inflate_one(stream: bytes | None) -> bytes | None:
        if stream is None:
            return None
        inflater = zlib.decompressobj()
        try:
            body = inflater.decompress(stream, max_bytes)
        except zlib.error:
            return None
        return body if inflater.eof and not inflater.unused_data else None

    return F.udf(inflate_one, BinaryType(), useArrow=False)


def opened_by_version(frame: Column, definitions: Mapping[uuid.UUID, str], reader_schema: str) -> Column:
    """The records `value` and `seal`, each decoded by the schema that its frame names."""
    reader = with_seal(reader_schema)
    # The first case matches no record. It gives the column its type also where no schema is known.
    opened = F.when(F.lit(False), open_sealed(reader, reader))
    for version, definition in definitions.items():
        opened = opened.when(version_bytes(frame) == version.bytes, open_sealed(with_seal(definition), reader))
    return opened


def open_sealed(writer: str, reader: str) -> Column:
    options = {
        'avroSchema': reader,
        # FAILFAST would end the query at the first damaged record, and again after each restart.
        'mode': 'PERMISSIVE',
        # Before Spark 4, dates before 1582 and times before 1900 are errors unless this is set.
        'datetimeRebaseMode': 'CORRECTED',
    }
    return from_avro(F.col('_sealed'), writer, options)


def with_seal(definition: str | None) -> str:
    """The schema of a sealed body. Without a definition, a reader schema that skips the value."""
    value = [] if definition is None else [{'name': 'value', 'type': json.loads(definition)}]
    seal = {'name': 'seal', 'type': {'type': 'fixed', 'name': 'OrderStreamSeal', 'size': len(SEAL)}}
    # A name without a namespace, because the names in the definition would otherwise move into this namespace.
    return json.dumps({'type': 'record', 'name': 'OrderStreamSealed', 'fields': [*value, seal]})


def has_seal(opened: Column) -> Column:
    return F.coalesce(opened['seal'] == SEAL, F.lit(False))


def problem_of(frame: Column, writers: Mapping[uuid.UUID, WriterSchema]) -> Column:
    """Why a frame was not decoded. Null for a tombstone."""
    reason = (
        F.when(frame.isNull(), F.lit(None).cast('string'))
        .when(F.coalesce(F.substring(frame, 1, 1) != bytes([3]), F.lit(True)), 'NotAFrameError')
        .when(F.col('_sealed').isNull(), 'DamagedFrameError')
    )
    skips_value = with_seal(None)
    for version, writer in writers.items():
        has_version = version_bytes(frame) == version.bytes
        if writer.definition is None:
            reason = reason.when(has_version, writer.problem)
            continue
        # A body that its own schema can read is whole, so the reader schema does not fit.
        is_whole = has_seal(open_sealed(with_seal(writer.definition), skips_value))
        reason = reason.when(has_version & is_whole, 'ReaderSchemaMismatchError')
    return reason.otherwise('DamagedFrameError')
