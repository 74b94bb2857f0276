import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { pythonEnvironment } from '@order-stream/local-stack/python-environment';
import { root } from '@order-stream/local-stack/state-folder';
import { startForeignProcess } from '../conformance/foreign-process.ts';

export const example = join(root, 'examples/spark');

/** A row as `to_json` writes it: integers are bigints, null fields are absent. */
export type Row = Record<string, unknown>;

export type SparkSession = Awaited<ReturnType<typeof startSpark>>;

/** Starts one Spark session, which answers the calls of `python/session.py` in turn. The first start installs PySpark. */
export async function startSpark(options: {
  registry: { endpoint: string };
  bootstrapServers: string;
}) {
  const { python, jars } = await fetchSpark();
  const program = join(import.meta.dirname, 'python', 'session.py');
  // Python writes no byte code beside the sources.
  const spark = startForeignProcess(python, ['-B', program, example, jars], {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, JAVA_HOME: process.env.JAVA_HOME },
    ...{ TZ: 'UTC', AWS_EC2_METADATA_DISABLED: 'true', AWS_DEFAULT_REGION: 'us-east-1' },
    ...glueEnvironment(options.registry),
  });
  const { bootstrapServers } = options;
  const rows = async (request: object) => {
    const answer = await spark.call<{ rows: string[] }>({ ...request, bootstrapServers });
    return answer.rows.map(parseRow);
  };
  return {
    /** The topic decoded by the usual recipe with the latest version of the schema. @throws ForeignError in mode FAILFAST */
    byRecipe: (topic: string, mode: 'PERMISSIVE' | 'FAILFAST', schemaName = topic) =>
      rows({ do: 'recipe', topic, mode, registry: 'customer', schemaName: `${schemaName}-value` }),
    /** The topic, or the Parquet files of a folder, decoded by `decode` of the example. */
    decoded: (
      from: { topic: string } | { folder: string },
      readerSchema: string,
      settings: { column?: 'key' | 'value'; maxInflatedBytes?: number } = {},
    ) => rows({ do: 'decode', ...from, readerSchema, ...settings }),
    /** Runs the query of `stream_orders.py` until the topic's present end. @throws ForeignError if a batch fails */
    streamOnce: (topic: string, readerSchema: string, output: string, maxOffsets = 100_000) =>
      rows({ do: 'stream-once', topic, readerSchema, output, maxOffsets }),
    /** Starts the query of `stream_orders.py`, which runs until `endStream`. */
    stream: (topic: string, readerSchema: string, output: string) =>
      rows({ do: 'stream', topic, readerSchema, output }),
    endStream: () => rows({ do: 'end-stream' }),
    parquet: (folder: string) => rows({ do: 'parquet', folder }),
    files: (format: 'json' | 'avro', folder: string, schema: string) =>
      rows({ do: 'files', format, folder, schema }),
    close: spark.close,
  };
}

function parseRow(text: string): Row {
  const exactly = (_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && /^-?\d+$/.test(source) ? BigInt(source) : value;
  return JSON.parse(text, exactly as never);
}

/** The Python with PySpark, and the folder of the jars that it lacks. */
export async function fetchSpark(): Promise<{ python: string; jars: string }> {
  const requirements = join(example, 'requirements.txt');
  const [python, jars] = await Promise.all([
    pythonEnvironment({ name: 'PySpark', folder: 'spark', requirements, minor: 10 }),
    fetchSparkJars(),
  ]);
  return { python, jars };
}

async function fetchSparkJars(): Promise<string> {
  const pom = join(example, 'pom.xml');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return mavenJars(
    { name: 'Spark’s jars', pom, downloads: 'spark-jars', version },
    process.env,
    (text) => process.stderr.write(`${text}\n`),
  );
}

/** @throws Error if a jar is missing, not listed, or has another checksum than `jars.sha256` */
export function checkJars(jars: string): void {
  const sums = execFileSync('sh', ['-c', 'sha256sum *.jar'], { cwd: jars, encoding: 'utf8' });
  if (sums !== readFileSync(join(example, 'jars.sha256'), 'utf8'))
    throw new Error(`the jars differ from jars.sha256:\n${sums}`);
}
