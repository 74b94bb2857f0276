import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordersCommand } from './orders-command.ts';

async function orders(argv: string[], env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await ordersCommand(argv, {
    env,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stop: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

const kafkaCommands = [
  ['dlq', 'ls'],
  ['dlq', 'show'],
  ['dlq', 'replay'],
  ['offsets', 'show'],
  ['offsets', 'reset'],
  ['lag'],
];

test('the program and every command print --help to stdout and exit 0', async () => {
  for (const words of [
    [],
    ['topics', 'create'],
    ['produce'],
    ['tail'],
    ['stores', 'create'],
    ['files', 'ls'],
    ['items', 'get'],
    ['db', 'setup'],
    ['connect', 'apply'],
    ['connect', 'status'],
    ['connect', 'restart'],
    ['db', 'evolve'],
    ['db', 'churn'],
    ['db', 'rows'],
    ...kafkaCommands,
  ]) {
    const { code, stdout, stderr } = await orders([...words, '--help']);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(['orders', ...words].join(' ')), stdout);
    assert.equal(stderr, '');
  }
});

test('a wrong command line exits 2 with one line that names the fault and the help', async () => {
  const table: [string[], RegExp][] = [
    [['bake'], /unknown command 'bake'/],
    [['topics'], /unknown command 'topics'/],
    [['topics', 'delete'], /unknown command 'topics delete'/],
    [['produce', '--colour', 'red'], /^orders produce: .*--colour.*orders produce --help/],
    [['topics', 'create', '--partitions', 'many'], /--partitions must be .*'many'/],
    [['topics', 'create', '--topic', 'a b'], /--topic must be .*'a b'/],
    [['topics', 'create', '--timeout', '0'], /--timeout must be .*'0'/],
    [['topics', 'create', 'orders'], /orders/],
    [['tail', 'a', 'b'], /unexpected argument 'b'/],
    [['tail', 'a b'], /topic name, got 'a b'/],
    [['tail', '--from', '5m'], /--from: expected .*'5m'/],
    [['tail', '--from', '41'], /--from: an offset needs one --partition/],
    [['tail', '--field', 'user_id=1'], /--field: expected a JSON pointer/],
    [['tail', '--partition', '-1'], /--partition must be .*'-1'/],
    [['files', 'ls', 'a', 'b'], /unexpected argument 'b'/],
    [['items', 'get'], /expected the key of an item/],
    [['connect', 'apply'], /expected the file of a connector/],
    [['connect', 'apply', 'a.json', '--wait', '0'], /--wait must be .*'0'/],
    [['connect', 'restart', '--yes'], /expected the name of a connector, or --failed/],
    [['dlq'], /unknown command 'dlq'/],
    [['db', 'setup', '--kind', 'oracle'], /--kind must be postgresql or mysql, not 'oracle'/],
    [['db', 'setup', '--port', '0'], /--port must be .*'0'/],
    [['db', 'setup', '--tls', 'on'], /--tls must be one of .*'on'/],
    [['db', 'setup', '--host', '10.0.0.1'], /verify-full needs a host name, and 10.0.0.1/],
    [['db', 'evolve'], /expected one of add-employee-id, /],
    [['db', 'evolve', 'drop-table'], /expected one of .*, not 'drop-table'/],
    [['db', 'churn', '--changes', '0'], /--changes must be .*'0'/],
    [['db', 'churn', '--changes', '1', '--for', '1'], /exclude each other/],
    [['db', 'setup', '--password', 'x'], /--password: unknown flag/],
    [['offsets', 'reset'], /--to is required/],
    [['offsets', 'reset', '--to', 'start'], /--to: expected .*'start'/],
    [
      ['offsets', 'reset', '--to', '1', '--topic', 'a', '--topic', 'b', '--partition', '0'],
      /needs one/,
    ],
    [['offsets', 'show', '--topic', 'a b'], /--topic must be .*'a b'/],
    [['lag', '--interval', '0'], /--interval must be .*'0'/],
    [['dlq', 'ls', '--from', '41'], /--from: expected -5m .*, got '41'/],
    [['dlq', 'ls', '--limit', '0'], /--limit must be .*'0'/],
    [['dlq', 'show'], /expected the place of a dead letter/],
    [['dlq', 'show', '3/41'], /such as 3@41, got '3.41'/],
    [['dlq', 'replay', '--from-offset', '0@1,0@2'], /partition 0 occurs twice/],
    [['dlq', 'replay', '--from-offset', '0@1', '--from', '-1h'], /exclude each other/],
    [['dlq', 'replay', '--rate', '-1'], /--rate must be .*'-1'/],
    [['dlq', 'replay', '--dlq', 'a b'], /--dlq must be .*'a b'/],
  ];
  for (const [argv, expected] of table) {
    const { code, stdout, stderr } = await orders(argv, { BOOTSTRAP_SERVERS: '127.0.0.1:1' });
    assert.equal(code, 2, argv.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, expected);
    assert.match(stderr, /^[^\n]+\n$/);
  }
});

test('a topic that is its own dead-letter topic is rejected', async () => {
  const { code, stderr } = await orders(['topics', 'create', '--topic', 'a', '--dlq', 'a'], {
    BOOTSTRAP_SERVERS: '127.0.0.1:1',
  });
  assert.equal(code, 2);
  assert.match(stderr, /--topic and --dlq are both 'a'/);
});

test('S0-16 a wrong environment exits 78 and names every wrong variable', async () => {
  const { code, stderr } = await orders(['topics', 'create'], {
    TOPIC_NAME: 'a b',
    SECURITY_PROTOCOL: 'TLS',
  });
  assert.equal(code, 78);
  for (const variable of ['BOOTSTRAP_SERVERS', 'TOPIC_NAME', 'SECURITY_PROTOCOL']) {
    assert.match(stderr, new RegExp(`^orders topics create: ${variable} `, 'm'));
  }
});

test('a wrong CONNECT_URL, or a client certificate without its key, exits 78 and shows no password', async () => {
  for (const [variables, expected] of [
    [{ CONNECT_URL: 'ftp://me:geheim@connect' }, /CONNECT_URL must be a URL that begins with http/],
    [
      { CONNECT_CERTIFICATE_FILE: import.meta.filename },
      /CONNECT_CERTIFICATE_FILE must name .*PEM/,
    ],
    [{ CONNECT_KEY_FILE: '/nowhere' }, /CONNECT_KEY_FILE must name a file that can be read/],
    [{ CONNECT_KEY_FILE: '/nowhere' }, /CONNECT_CERTIFICATE_FILE is required/],
    [{ SSL_CA_FILE: '/nowhere' }, /SSL_CA_FILE must name a file that can be read/],
  ] as [Record<string, string>, RegExp][]) {
    const { code, stderr } = await orders(['connect', 'status'], variables);
    assert.equal(code, 78);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /geheim/);
  }
});

test('F15 names that no topic can have are faults, also the default name of a dead-letter topic', async () => {
  const env = { BOOTSTRAP_SERVERS: '127.0.0.1:1' };
  const long = 'o'.repeat(246);
  for (const [argv, variables, code, expected] of [
    [[], { TOPIC_NAME: '..' }, 78, /TOPIC_NAME must be a topic name/],
    [[], { DLQ_TOPIC: 'a/b' }, 78, /DLQ_TOPIC must be a topic name/],
    [[], { TOPIC_NAME: long }, 78, /DLQ_TOPIC is required, because o+\.dlq is too long/],
    [['--topic', long], {}, 2, /--dlq is required, because o+\.dlq is too long/],
    [['--topic', '..'], {}, 2, /--topic must be a valid topic name/],
  ] as const) {
    const run = await orders(['topics', 'create', ...argv], { ...env, ...variables });
    assert.equal(run.code, code, run.stderr);
    assert.match(run.stderr, expected);
  }
});
