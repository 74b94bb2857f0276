import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { DashboardRejectedError, pushDashboards } from './dashboards.ts';

const folder = join(root, 'docker/grafana/dashboards');

interface RecordedCall {
  call: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

/** A Grafana that records its calls and answers each with the given status, 200 by default. */
async function grafana(context: TestContext, answers: Record<string, number> = {}) {
  const calls: RecordedCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = `${request.method} ${request.url}`;
    const text = Buffer.concat(chunks).toString();
    calls.push({
      call,
      authorization: request.headers.authorization,
      body: text === '' ? {} : JSON.parse(text),
    });
    response.statusCode = answers[call] ?? 200;
    response.end('{"message":"a fixed answer"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const grafanaUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, grafanaUrl };
}

test('pushing creates a signing data source and every dashboard in an empty Grafana', async (context) => {
  const { calls, grafanaUrl } = await grafana(context, {
    'GET /api/datasources/uid/prometheus': 404,
  });
  const target = {
    grafanaUrl,
    token: 't',
    prometheusUrl: 'https://aps/workspaces/ws-1/',
    region: 'ap-southeast-2',
    runbookUrl: 'https://example.com/docs/runbook.md',
  };
  const pushed = await pushDashboards(target, folder);

  const files = readdirSync(folder).sort();
  assert.deepEqual(
    calls.map(({ call }) => call),
    [
      'GET /api/datasources/uid/prometheus',
      'POST /api/datasources',
      ...files.map(() => 'POST /api/dashboards/db'),
    ],
  );
  assert.ok(calls.every(({ authorization }) => authorization === 'Bearer t'));
  const { url, uid, jsonData } = calls[1]?.body ?? {};
  assert.equal(url, 'https://aps/workspaces/ws-1');
  assert.partialDeepStrictEqual(jsonData, { sigV4Auth: true, sigV4Region: 'ap-southeast-2' });
  const dashboards = calls.slice(2).map(({ body }) => body.dashboard as { uid: string; id: null });
  assert.deepEqual(
    dashboards.map((dashboard) => dashboard.uid),
    pushed,
  );
  for (const [index, file] of files.entries()) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.ok(text.includes('"/public/runbook.md"'));
    const linked = text.replaceAll('"/public/runbook.md"', `"${target.runbookUrl}"`);
    assert.deepEqual(dashboards[index], { ...JSON.parse(linked), id: null });
    assert.ok(text.includes(`"uid": "${uid}"`), `${file} refers to the data source's uid`);
  }
  assert.ok(calls.slice(2).every(({ body }) => body.overwrite === true));
});

test('an existing data source is updated, without a signature if there is no region', async (context) => {
  const { calls, grafanaUrl } = await grafana(context);
  await pushDashboards({ grafanaUrl, token: 't', prometheusUrl: 'http://prometheus:9090' }, folder);
  assert.equal(calls[1]?.call, 'PUT /api/datasources/uid/prometheus');
  assert.deepEqual(calls[1]?.body.jsonData, { timeInterval: '30s', httpMethod: 'POST' });
});

test('without a runbook URL, no panel links to the local stack’s runbook', async (context) => {
  const { calls, grafanaUrl } = await grafana(context);
  await pushDashboards({ grafanaUrl, token: 't', prometheusUrl: 'http://prometheus:9090' }, folder);
  const texts = calls.slice(2).map(({ body }) => JSON.stringify(body));
  assert.equal(texts.length, readdirSync(folder).length);
  for (const text of texts) assert.doesNotMatch(text, /\$\{runbook\}/);
});

test('a rejected request is an error with Grafana’s message', async (context) => {
  const { grafanaUrl } = await grafana(context, { 'POST /api/dashboards/db': 412 });
  const target = { grafanaUrl, token: 't', prometheusUrl: 'http://prometheus:9090' };
  await assert.rejects(pushDashboards(target, folder), (error: unknown) => {
    assert.ok(error instanceof DashboardRejectedError);
    assert.equal(error.status, 412);
    assert.match(error.message, /a fixed answer/);
    return true;
  });
});
