"""Streams a topic into Parquet files: decoded records into OUTPUT/orders, all others into OUTPUT/unreadable.

    spark-submit --jars JARS stream_orders.py --bootstrap-servers 127.0.0.1:9092 --topic orders \
      --reader-schema ../../schemas/order.v1.avsc --output /tmp/spark-orders
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Callable, Mapping

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming import StreamingQuery
from pyspark.sql.streaming.readwriter import DataStreamWriter

from order_stream_spark import GlueSchemas, decode


def read_topic(spark: SparkSession, bootstrap_servers: str, topic: str, options: Mapping[str, str]) -> DataFrame:
    """The topic as a stream, from its earliest offset or the checkpoint on.

    :param options: of Spark's Kafka source, such as `maxOffsetsPerTrigger` or `kafka.security.protocol`
    """
    defaults = {
        'kafka.bootstrap.servers': bootstrap_servers,
        'subscribe': topic,
        'startingOffsets': 'earliest',
        'includeHeaders': 'true',
        # Orders of an aborted transaction were never placed.
        'kafka.isolation.level': 'read_committed',
        'maxOffsetsPerTrigger': '100000',
    }
    return spark.readStream.format('kafka').options(**{**defaults, **options}).load()


def store_batch(schemas: GlueSchemas, reader_schema: str, output: str) -> Callable[[DataFrame, int], None]:
    """A function for `foreachBatch`, which may call it again with the same batch: it then replaces the files."""

    def store(batch: DataFrame, batch_id: int) -> None:
        decoded = decode(batch, schemas, reader_schema).persist()
        is_decoded = F.col('problem').isNull()
        place = ['topic', 'partition', 'offset', 'timestamp', 'key']
        try:
            # A tombstone is a row whose order is null.
            orders = decoded.where(is_decoded).select(*place, 'order')
            orders.write.mode('overwrite').parquet(f'{output}/orders/batch={batch_id}')
            # With all bytes, so that `decode` can read them again when the reason is mended.
            unreadable = decoded.where(~is_decoded).select(*place, 'value', 'headers', 'problem')
            unreadable.write.mode('overwrite').parquet(f'{output}/unreadable/batch={batch_id}')
        finally:
            decoded.unpersist()

    return store


def stream_orders(
    stream: DataFrame, schemas: GlueSchemas, reader_schema: str, output: str
) -> DataStreamWriter:
    """The query, not yet started.

    Batches are numbered by the checkpoint, and their files by the batches. So the checkpoint is in `output`: a new one
    elsewhere would number from 0 again and replace files.
    """
    store = store_batch(schemas, reader_schema, output)
    return stream.writeStream.foreachBatch(store).option('checkpointLocation', f'{output}/_checkpoint')


def start(query: DataStreamWriter, once: bool) -> StreamingQuery:
    """Starts the query. With `once` it ends after the records that the topic has now."""
    return query.trigger(**({'availableNow': True} if once else {'processingTime': '10 seconds'})).start()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bootstrap-servers', required=True)
    parser.add_argument('--topic', required=True)
    parser.add_argument('--reader-schema', required=True, type=Path, help='file with the Avro schema of the result')
    parser.add_argument('--output', required=True, help='folder, or a URL such as s3://bucket/folder')
    parser.add_argument('--once', action='store_true', help='end after the records that the topic has now')
    parser.add_argument('--kafka-option', action='append', default=[], metavar='NAME=VALUE')
    arguments = parser.parse_args()
    spark = SparkSession.builder.appName('orders').getOrCreate()
    options = dict(option.split('=', 1) for option in arguments.kafka_option)
    stream = read_topic(spark, arguments.bootstrap_servers, arguments.topic, options)
    query = stream_orders(stream, GlueSchemas(), arguments.reader_schema.read_text(), arguments.output)
    start(query, arguments.once).awaitTermination()


if __name__ == '__main__':
    main()
