import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { ordersCommand } from '../orders-command.ts';
import { createFakeTerminal } from './testing/fake-terminal.ts';

/** A server that asks for the password in plain, and repeats it in its refusal. */
async function talkativeServer(t: TestContext): Promise<number> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeUInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(message('R', Buffer.from([0, 0, 0, 3])));
      socket.once('data', (bytes) => {
        const password = bytes.subarray(5, -1).toString();
        const fields = [
          `SFATAL`,
          `VFATAL`,
          `C28P01`,
          `Mpassword ${password} is wrong\n: ${password}`,
        ];
        socket.end(message('E', Buffer.from(`${fields.join('\0')}\0\0`)));
      });
    });
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

test('S2-11 the password is never printed, whether it is typed, in the environment or in a file', async (t) => {
  const port = await talkativeServer(t);
  const folder = mkdtempSync(join(tmpdir(), 'orders-db-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  const passwords = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 20 });
  const sources = fc.constantFrom('typed', 'environment', 'file');
  await fc.assert(
    fc.asyncProperty(passwords, sources, async (drawn, source) => {
      // An environment variable is trimmed by nobody, a line of a file neither.
      const password = `${drawn}§`;
      const { terminal, type, seen } = createFakeTerminal(
        source === 'environment' ? { PGPASSWORD: password } : {},
      );
      if (source === 'typed') type(`${password}\r`);
      if (source === 'file') writeFileSync(file, `${password}\nsecond line\n`);
      const flags = source === 'file' ? ['--password-file', file] : [];
      const argv = ['db', 'setup', '--port', String(port), '--yes', ...flags];
      assert.equal(await ordersCommand(argv, terminal), 1);
      assert.match(seen.stderr, /127\.0\.0\.1:\d+: password \*\*\* is wrong : \*\*\*\n$/);
      assert.ok(!`${seen.stdout}${seen.stderr}`.includes(password));
    }),
    { numRuns: 60 },
  );
});

test('S2-11 without a terminal the missing password is a fault of the environment', async () => {
  for (const [kind, variable] of [
    ['postgresql', 'PGPASSWORD'],
    ['mysql', 'MYSQL_PWD'],
  ] as const) {
    const { terminal, seen } = createFakeTerminal();
    const { stdin: _, ...piped } = terminal;
    assert.equal(await ordersCommand(['db', 'setup', '--kind', kind], piped), 78);
    assert.match(
      seen.stderr,
      new RegExp(`^orders db setup: ${variable} is required without a terminal.*\n$`),
    );
  }
});

test('S2-11 Ctrl-C at the password exits 130, and a closed port 1 with host, port and reason', async () => {
  const interrupted = createFakeTerminal();
  interrupted.type('\u0003');
  assert.equal(await ordersCommand(['db', 'setup'], interrupted.terminal), 130);

  for (const kind of ['postgresql', 'mysql']) {
    const { terminal, seen } = createFakeTerminal({ PGPASSWORD: 'x', MYSQL_PWD: 'x' });
    const argv = ['db', 'setup', '--kind', kind, '--port', '1'];
    assert.equal(await ordersCommand(argv, terminal), 1);
    assert.equal(seen.stderr, 'orders db setup: 127.0.0.1:1: connection refused (ECONNREFUSED)\n');
  }
});
