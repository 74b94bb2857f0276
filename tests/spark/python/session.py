"""One Spark session: reads a JSON request per line from stdin, writes a JSON answer per line to stdout.

    session.py EXAMPLE JARS
"""

import glob
import json
import os
import sys

EXAMPLE, JARS = sys.argv[1:]
sys.path.insert(0, EXAMPLE)

# Java writes to descriptor 1. The answers have one of their own.
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from order_stream_spark import GlueSchemas, decode  # noqa: E402
from reference_recipe import decode_by_latest, latest_schema  # noqa: E402
from sink_files import read_avro_files, read_json_files  # noqa: E402
from stream_orders import read_topic, start, stream_orders  # noqa: E402

SETTINGS = {
    'spark.master': 'local[2]',
    'spark.jars': ','.join(sorted(glob.glob(f'{JARS}/*.jar'))),
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.memory': '1g',
    # For a short run, a quick start matters more than peak speed.
    'spark.driver.extraJavaOptions': '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
    'spark.ui.enabled': 'false',
    'spark.sql.shuffle.partitions': '2',
    'spark.sql.session.timeZone': 'UTC',
}

builder = SparkSession.builder.appName('tests')
for name, value in SETTINGS.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel('ERROR')
schemas = GlueSchemas()
running = []


def topic_now(request):
    options = {
        'kafka.bootstrap.servers': request['bootstrapServers'],
        'subscribe': request['topic'],
        'startingOffsets': 'earliest',
    }
    return spark.read.format('kafka').options(**options).load()


def recipe(request):
    schema = latest_schema(request['registry'], request['schemaName'])
    return decode_by_latest(topic_now(request), schema, request['mode']).select('partition', 'offset', 'order')


def decoded(request):
    records = topic_now(request) if 'topic' in request else spark.read.parquet(request['folder']).drop('problem')
    names = {'column': 'column', 'maxInflatedBytes': 'max_inflated_bytes'}
    options = {names[name]: request[name] for name in names if name in request}
    result = decode(records, schemas, request['readerSchema'], **options)
    return result.select('partition', 'offset', 'order', 'problem')


def query(request):
    options = {'maxOffsetsPerTrigger': str(request.get('maxOffsets', 100000))}
    stream = read_topic(spark, request['bootstrapServers'], request['topic'], options)
    return stream_orders(stream, schemas, request['readerSchema'], request['output'])


def stream_once(request):
    start(query(request), once=True).awaitTermination()


def stream(request):
    running.append(query(request).trigger(processingTime='100 milliseconds').start())


def end_stream(request):
    running.pop().stop()


def files(request):
    read = {'json': read_json_files, 'avro': read_avro_files}[request['format']]
    return read(spark, request['folder'], request['schema'])


ACTIONS = {
    'recipe': recipe,
    'decode': decoded,
    'stream-once': stream_once,
    'stream': stream,
    'end-stream': end_stream,
    'parquet': lambda request: spark.read.parquet(request['folder']),
    'files': files,
}


def answer(request):
    frame = ACTIONS[request['do']](request)
    if frame is None:
        return {'rows': []}
    # Texts of Spark, so that no value passes through a type of Python.
    return {'rows': [row.line for row in frame.select(F.to_json(F.struct('*')).alias('line')).collect()]}


for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as error:
        result = {'error': f'{type(error).__name__}: {error}'}
    print(json.dumps(result), file=answers, flush=True)
spark.stop()
