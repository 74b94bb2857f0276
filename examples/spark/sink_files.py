"""Reads the files of the consumer's S3 sink, JSON or Avro, with exact integers.

    spark-submit --jars JARS sink_files.py --format json --schema ../../schemas/order.v1.avsc FOLDER
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from json_lines import json_type, restored

CORRUPT = '_corrupt_record'


def read_avro_files(spark: SparkSession, path: str, reader_schema: str) -> DataFrame:
    """The records of Avro files. Each file has its writer schema; fields that it lacks have their defaults.

    :param path: the folder of a topic, `.../topics/orders`. The folders `partition=N` become the column `partition`.
    """
    options = {'avroSchema': reader_schema, 'datetimeRebaseMode': 'CORRECTED'}
    return spark.read.format('avro').options(**options).load(path)


def read_json_files(spark: SparkSession, path: str, schema: str) -> DataFrame:
    """The records of JSON files, as `read_avro_files` returns them, and the column `_corrupt_record`.

    The types are those of the Avro schema. Inferred types follow the data: one value `1.5`, or 20 digits, makes a
    field a double or a decimal in all files. A line that does not fit is kept as text in `_corrupt_record`, which is
    null for all others.
    """
    record = json.loads(schema)
    lines = StructType([*json_type(record).fields, StructField(CORRUPT, StringType())])
    options = {'mode': 'PERMISSIVE', 'columnNameOfCorruptRecord': CORRUPT}
    rows = spark.read.schema(lines).options(**options).json(path)
    others = [F.col(name) for name in rows.columns if name not in json_type(record).fieldNames()]
    value = restored(F.struct(*json_type(record).fieldNames()), record)
    return rows.select(value.alias('value'), *others).select('value.*', *others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--format', choices=['json', 'avro'], required=True)
    parser.add_argument('--schema', required=True, type=Path, help='file with the Avro schema of the result')
    parser.add_argument('folder')
    arguments = parser.parse_args()
    spark = SparkSession.builder.appName('sink-files').getOrCreate()
    read = read_json_files if arguments.format == 'json' else read_avro_files
    read(spark, arguments.folder, arguments.schema.read_text()).show(truncate=False)


if __name__ == '__main__':
    main()
