import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Answer,
  className,
  runConnect,
  scriptedWorker,
  statusWith,
} from './testing/scripted-worker.ts';

const putConfig = 'PUT /connectors/lines/config';
const html = '<html><body>Not here</body></html>';

function connectorFile(t: TestContext, config: Record<string, string> = {}, name = 'lines') {
  const folder = mkdtempSync(join(tmpdir(), 'connector-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, `${name}.json`);
  const properties = { 'connector.class': className, ...config };
  writeFileSync(file, JSON.stringify({ name, config: properties }));
  return file;
}

const rebalance: Answer = {
  status: 409,
  json: { error_code: 409, message: 'Cannot complete request because of a conflicting operation' },
};
const timedOut: Answer = {
  status: 500,
  json: { error_code: 500, message: 'Request timed out. The worker is currently starting' },
};

test('apply waits for a worker that starts, rebalances, times out or dies, and says for what', async (t) => {
  const worker = await scriptedWorker(t, {
    'GET /connector-plugins': [
      { status: 404, html },
      { status: 404, json: { message: 'Not Found', url: '/', status: '404' } },
      { status: 404, json: { error_code: 404, message: 'HTTP 404 Not Found' } },
      { status: 503, json: { message: 'starting' } },
      { status: 200, json: [{ class: className }] },
    ],
    [putConfig]: [
      rebalance,
      timedOut,
      (response) => response.destroy(),
      { status: 502, html },
      { status: 201, json: {} },
    ],
  });
  const { code, stdout, stderr } = await runConnect(worker.url, ['apply', connectorFile(t)]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'lines: created\nlines: RUNNING, 1 task\n');
  for (const reason of [
    /404 text\/html: the worker is starting/,
    /404 application\/json: the worker is starting/,
    /503 starting/,
    /409 Cannot complete/,
    /500 Request timed out/,
    /UND_ERR_SOCKET|ECONNRESET/,
    /502 text\/html/,
  ])
    assert.match(stderr, reason);
  assert.equal(stderr.match(/: waiting: /g)?.length, 7);
});

test('apply --after waits until the URL answers 2xx, and only then asks the worker', async (t) => {
  const worker = await scriptedWorker(t, {
    'GET /ready': [
      (response) => response.destroy(),
      { status: 503, json: {} },
      { status: 200, json: {} },
    ],
  });
  const file = connectorFile(t);
  const { code, stderr } = await runConnect(worker.url, [
    ...['apply', file, '--after', `${worker.url}/ready`],
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /no answer from .*\/ready \(UND_ERR_SOCKET\)/);
  assert.match(stderr, /\/ready answered 503, expected 2xx/);
  const [first, second, third, fourth] = worker.requests;
  assert.deepEqual([first, second, third], ['GET /ready', 'GET /ready', 'GET /ready']);
  assert.equal(fourth, 'GET /connector-plugins');
});

test('apply --after fails when the URL never answers, and applies nothing', async (t) => {
  const worker = await scriptedWorker(t, { 'GET /ready': [{ status: 404, html }] });
  const url = `${worker.url}/ready`;
  const flags = ['--after', url, '--wait', '1'];
  const { code, stderr } = await runConnect(worker.url, ['apply', connectorFile(t), ...flags]);
  assert.equal(code, 1);
  assert.match(stderr, /orders connect apply: http.*\/ready answered 404, expected 2xx\n$/);
  assert.ok(worker.requests.every((request) => request === 'GET /ready'));
});

test('--after takes http and https URLs without a password', async (t) => {
  for (const url of ['glue-local:4570', 'ftp://registry', 'http://user:geheim@registry/']) {
    const flags = ['apply', connectorFile(t), '--after', url];
    const { code, stderr } = await runConnect('http://127.0.0.1:1', flags);
    assert.equal(code, 2);
    assert.match(stderr, /--after must be an http or https URL/);
    assert.doesNotMatch(stderr, /geheim/);
  }
});

test('every file is checked before the first is applied, and secrets are not in the messages', async (t) => {
  const configs = [
    {
      definition: { type: 'PASSWORD' },
      value: { name: 'pin', errors: ['Invalid value 4711 for configuration pin'] },
    },
    {
      definition: { type: 'INT' },
      value: { name: 'tasks.max', errors: ['Not a number', 'Not a number'] },
    },
  ];
  const validate = `PUT /connector-plugins/${className}/config/validate`;
  const valid: Answer = { status: 200, json: { error_count: 0, configs: [] } };
  const worker = await scriptedWorker(t, {
    [validate]: [valid, { status: 200, json: { error_count: 2, configs } }],
    'GET /connectors/other/config': [{ status: 404, json: { error_code: 404 } }],
  });
  const files = [connectorFile(t), connectorFile(t, { pin: '4711' }, 'other')];
  const { code, stdout, stderr } = await runConnect(worker.url, ['apply', ...files]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.deepEqual(stderr.split('\n'), [
    'orders connect apply: other: pin: Invalid value [hidden] for configuration pin',
    'orders connect apply: other: tasks.max: Not a number',
    'orders connect apply: nothing was applied',
    '',
  ]);
  assert.ok(!worker.requests.includes(putConfig));
});

test('a class that the worker lacks is named with those that it has', async (t) => {
  const worker = await scriptedWorker(t);
  const file = connectorFile(t, { 'connector.class': 'org.example.Nothing' });
  const { code, stderr } = await runConnect(worker.url, ['apply', file]);
  assert.equal(code, 1);
  assert.match(stderr, /lines: connector.class: .*no org.example.Nothing, .* org.example.Lines/);
});

test('what fails again is an error at once: another server, wrong credentials, a refused request', async (t) => {
  const refused = { status: 400, json: { message: 'wrong\nfor db.password=hunter2' } };
  for (const [script, expected] of [
    [{ 'GET /connector-plugins': [{ status: 200, html }] }, /expected JSON, got 200 text\/html/],
    [{ 'GET /connector-plugins': [{ status: 401, html }] }, /401: set user and password/],
    [{ 'GET /connector-plugins': [{ status: 301, html }] }, /301 text\/html/],
    [{ 'GET /connector-plugins': [{ status: 200, json: {} }] }, /expected the list of plugins/],
    [{ [putConfig]: [refused] }, /400 wrong; for db.password=\[hidden\]\n$/],
  ] as [Record<string, Answer[]>, RegExp][]) {
    const worker = await scriptedWorker(t, script);
    const file = connectorFile(t, { 'db.password': 'hunter2' });
    const { code, stderr } = await runConnect(worker.url, ['apply', file]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^orders connect apply: [^\n]*\n$/);
    assert.match(stderr, expected);
  }
});

test('user and password of the URL authenticate each request and are not printed', async (t) => {
  const worker = await scriptedWorker(t, {
    'GET /connectors?expand=status': [rebalance, { status: 403, html }],
  });
  const url = worker.url.replace('//', '//maria:p%40ss@');
  const { code, stderr } = await runConnect(url, ['status']);
  assert.equal(code, 1);
  const expected = `Basic ${Buffer.from('maria:p@ss').toString('base64')}`;
  assert.deepEqual([...worker.authorizations], [expected]);
  assert.match(stderr, /403/);
  assert.doesNotMatch(stderr, /maria|p%40ss|p@ss/);
});

test('without an answer the command ends at --wait, and says so', async (t) => {
  const silent = await scriptedWorker(t, { 'GET /connectors?expand=status': [() => {}] });
  for (const [url, reason] of [
    [silent.url, /\(no answer in time\)\n$/],
    ['http://127.0.0.1:1', /\(ECONNREFUSED\)\n$/],
  ] as const) {
    const { code, stdout, stderr } = await runConnect(url, ['status', '--wait', '1']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, reason);
  }
});

test('a signal ends the wait with 130', async (t) => {
  const stop = new AbortController();
  const worker = await scriptedWorker(t, {
    [putConfig]: [
      (response) => {
        response.writeHead(409).end('{}');
        stop.abort();
      },
    ],
  });
  const { code, stderr } = await runConnect(worker.url, ['apply', connectorFile(t)], stop.signal);
  assert.equal(code, 130);
  assert.match(stderr, /stopped before it was done/);
});

test('tasks that are not assigned in time are named; a paused connector is no failure', async (t) => {
  for (const [connector, task, expectedCode, expected] of [
    ['RUNNING', 'UNASSIGNED', 1, /: lines task 0 is UNASSIGNED\n$/],
    ['PAUSED', 'PAUSED', 0, /^$/],
  ] as const) {
    const worker = await scriptedWorker(t, {
      'GET /connectors/lines/status': [{ status: 200, json: statusWith(connector, task) }],
    });
    const file = connectorFile(t);
    const { code, stdout, stderr } = await runConnect(worker.url, ['apply', file, '--wait', '5']);
    assert.equal(code, expectedCode, stdout);
    assert.match(stderr, expected);
  }
});

test('a task that fails a moment after its start is reported with its last cause', async (t) => {
  const trace =
    'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n\tat a.B\n' +
    'Caused by: java.lang.RuntimeException: one\n\tat a.C\nCaused by: java.io.IOException: two\n\t... 3 more\n';
  const worker = await scriptedWorker(t, {
    'GET /connectors/lines/status': [
      { status: 404, json: { error_code: 404, message: 'No status found' } },
      { status: 200, json: statusWith('RUNNING', 'RUNNING') },
      { status: 200, json: statusWith('RUNNING', 'FAILED', trace) },
    ],
  });
  const { code, stderr } = await runConnect(worker.url, ['apply', connectorFile(t)]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    'orders connect apply: lines task 0 FAILED: org.apache.kafka.connect.errors.ConnectException: ' +
      'Tolerance exceeded in error handler (caused by: java.io.IOException: two)\n',
  );
});

test('status names what does not run, and fails only for FAILED', async (t) => {
  for (const [connector, task, expectedCode, expected] of [
    ['FAILED', 'RUNNING', 1, 'orders connect status: lines is FAILED\n'],
    ['UNASSIGNED', 'FAILED', 1, /lines task 0 is FAILED\n.*lines is UNASSIGNED\n/],
    ['PAUSED', 'PAUSED', 0, 'orders connect status: lines is PAUSED, lines task 0 is PAUSED\n'],
    ['RUNNING', 'RUNNING', 0, ''],
  ] as const) {
    const worker = await scriptedWorker(t, {
      'GET /connectors?expand=status': [
        { status: 200, json: { lines: { status: statusWith(connector, task) } } },
      ],
    });
    const { code, stderr } = await runConnect(worker.url, ['status']);
    assert.equal(code, expectedCode);
    if (typeof expected === 'string') assert.equal(stderr, expected);
    else assert.match(stderr, expected);
  }
});

test('restart writes nothing without --yes, and then only what has failed', async (t) => {
  const failed = { lines: { status: statusWith('RUNNING', 'FAILED', 'java.lang.Error: no') } };
  const restart = 'POST /connectors/lines/restart?includeTasks=true&onlyFailed=true';
  const script = { 'GET /connectors?expand=status': [{ status: 200, json: failed }] };
  const worker = await scriptedWorker(t, { ...script, [restart]: [rebalance, { status: 202 }] });
  const shown = await runConnect(worker.url, ['restart', '--failed']);
  assert.equal(shown.code, 0);
  assert.match(
    shown.stdout,
    /lines +sink +0 +FAILED .*java.lang.Error: no\n\nNothing was restarted/,
  );
  assert.ok(!worker.requests.includes(restart));
  const restarted = await runConnect(worker.url, ['restart', '--failed', '--yes', '--json']);
  assert.equal(restarted.code, 0, restarted.stderr);
  assert.deepEqual(JSON.parse(restarted.stdout), {
    ...{ name: 'lines', dry_run: false, restarted: [{ task: 0, state: 'FAILED' }], failures: [] },
  });
  assert.equal(worker.requests.filter((one) => one === restart).length, 2);
});
