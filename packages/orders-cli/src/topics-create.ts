import { exitCodes, parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import {
  AuthenticationError,
  awsVariables,
  ConfigError,
  choice,
  createKafkaClient,
  createLogger,
  isTopicName,
  kafkaRules,
  kafkaVariables,
  loadConfig,
  topicName,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';
import type { Command, Terminal } from './command.ts';
import {
  createTopic,
  type NewTopic,
  TopicCreationError,
  type TopicState,
} from './topic-creation.ts';

const help = `orders topics create [flags]: create the order topic and its dead-letter topic

  --topic NAME             (default TOPIC_NAME, orders); several --topic create several
  --dlq NAME               of all topics (default DLQ_TOPIC; else each topic has <topic>.dlq)
  --partitions N           of each topic (default 6)
  --replication-factor N   (default: the broker's)
  --no-if-not-exists       fail when a topic already exists
  --timeout SECONDS        until brokers answer and partitions have leaders (default 60)
  --json                   the topics as one JSON object
  --help                   this text

The command can be repeated: an existing topic is not changed. If its partition count differs from
--partitions, the command prints a warning (more partitions would move keys to other partitions, so
records of one key would no longer be in order). New topics keep the record's own timestamp
(message.timestamp.type=CreateTime). A new dead-letter topic accepts records of up to 10 MiB
(max.message.bytes=10485760), because a dead letter is larger than its record, which may have been
compressed. All other settings are the cluster's defaults.

The cluster comes from the environment: BOOTSTRAP_SERVERS (required), SECURITY_PROTOCOL,
SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD, SSL_CA_FILE, AWS_REGION.

Exit code: 0 all topics exist and have leaders, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

/** Ten times the default of a topic: a dead letter is written uncompressed, with a kilobyte of extra headers. */
const deadLetterSettings = { 'max.message.bytes': String(10 * 1024 * 1024) };

const variables = Type.Object({
  ...kafkaVariables,
  ...awsVariables,
  TOPIC_NAME: topicName({ default: 'orders' }),
  DLQ_TOPIC: Type.Optional(topicName()),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'error'),
});

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    topic: { type: 'string', multiple: true },
    dlq: { type: 'string' },
    partitions: { type: 'string', default: '6' },
    'replication-factor': { type: 'string' },
    'if-not-exists': { type: 'boolean', default: true },
    timeout: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  });
  const partitions = wholeNumber('--partitions', flags.partitions, { min: 1, max: 10_000 });
  const replication = flags['replication-factor'];
  const replicationFactor = replication
    ? wholeNumber('--replication-factor', replication, { min: 1, max: 100 })
    : -1;
  const timeoutMs = wholeNumber('--timeout', flags.timeout, { min: 1, max: 86_400 }) * 1000;
  checkNames('--topic', flags.topic ?? []);
  checkNames('--dlq', flags.dlq === undefined ? [] : [flags.dlq]);
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const topics = [...new Set(flags.topic ?? [config.TOPIC_NAME])];
  const oneDlq = flags.dlq ?? config.DLQ_TOPIC;
  const dlqs = oneDlq === undefined ? topics.map((topic) => `${topic}.dlq`) : [oneDlq];
  const tooLong = dlqs.find((dlq) => !isTopicName(dlq));
  if (tooLong !== undefined) {
    const problem = `is required, because ${tooLong} is too long for a topic name`;
    if (flags.topic !== undefined) throw new UsageError(`--dlq ${problem}`);
    throw new ConfigError([{ variable: 'DLQ_TOPIC', problem }]);
  }
  const both = topics.find((topic) => dlqs.includes(topic));
  if (both !== undefined) throw new UsageError(`--topic and --dlq are both '${both}'`);

  const shape = { partitions, replicationFactor };
  const wanted = [
    ...topics.map((topic) => ({ topic, ...shape })),
    ...dlqs.map((topic) => ({ topic, ...shape, settings: deadLetterSettings })),
  ];
  const states = await createTopics(config, wanted, performance.now() + timeoutMs, terminal);
  if (states === undefined) return exitCodes.failed;
  report(states, partitions, flags.json, terminal);
  const existed = states.some(({ created }) => !created);
  return existed && !flags['if-not-exists'] ? exitCodes.failed : exitCodes.ok;
}

function checkNames(flag: string, names: readonly string[]): void {
  for (const name of names)
    if (!isTopicName(name))
      throw new UsageError(`${flag} must be a valid topic name, not '${name}'`);
}

/** @returns undefined when it failed and has printed the reason */
async function createTopics(
  config: Static<typeof variables>,
  wanted: NewTopic[],
  deadlineMs: number,
  { stderr, stop }: Terminal,
): Promise<TopicState[] | undefined> {
  const logger = createLogger({ name: 'orders', level: config.LOG_LEVEL });
  const client = createKafkaClient(config, { logger, clientId: 'orders-cli' });
  try {
    const states: TopicState[] = [];
    for (const topic of wanted) states.push(await createTopic(client, topic, { deadlineMs, stop }));
    return states;
  } catch (error) {
    if (!(error instanceof AuthenticationError || error instanceof TopicCreationError)) throw error;
    const brokers = config.BOOTSTRAP_SERVERS.join(',');
    stderr.write(`orders topics create: ${brokers}: ${error.message}\n`);
    return undefined;
  } finally {
    void client.close();
  }
}

function report(
  states: TopicState[],
  expectedPartitions: number,
  json: boolean,
  { stdout, stderr }: Terminal,
): void {
  for (const { topic, created, partitions } of states) {
    if (created || partitions === expectedPartitions) continue;
    stderr.write(
      `orders topics create: ${topic} has ${partitions} partitions instead of ${expectedPartitions}; it is not changed\n`,
    );
  }
  if (json) {
    const topics = states.map(({ replicationFactor, ...state }) => ({
      ...state,
      replication_factor: replicationFactor,
    }));
    stdout.write(`${JSON.stringify({ topics })}\n`);
    return;
  }
  for (const { topic, created, partitions, replicationFactor } of states) {
    stdout.write(
      `${topic}: ${created ? 'created' : 'exists'}, ${partitions} partitions, replication factor ${replicationFactor}\n`,
    );
  }
}

export const topicsCreateCommand: Command = {
  words: ['topics', 'create'],
  summary: 'create the order topic and its dead-letter topic',
  help,
  run,
};
