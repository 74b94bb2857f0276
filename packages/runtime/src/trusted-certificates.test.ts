import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { readCertificates, trustCertificatesOf } from './trusted-certificates.ts';

const [first, second] = rootCertificates as [string, string];

function temporaryFile(context: { after(done: () => void): void }, content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'trusted-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, content);
  return { folder, file };
}

test('certificates are read with the text around them, and a file without a valid one is a fault', (context) => {
  const { file } = temporaryFile(context, `# our authorities\n${first}\n\n${second}\n`);
  assert.equal(readCertificates(file).length, 2);
  for (const content of ['', 'localhost', first.replace('MII', 'XXX'), first.slice(0, 200)]) {
    writeFileSync(file, content);
    assert.throws(() => readCertificates(file), content);
    assert.throws(() => trustCertificatesOf(file, assert.fail));
  }
  assert.throws(() => readCertificates('/nowhere/ca.pem'), { code: 'ENOENT' });
});

test('a replaced file counts from the next connection on, and an unchanged one is not read again', (context) => {
  const { folder, file } = temporaryFile(context, first);
  const options = trustCertificatesOf(file, assert.fail);
  const before = options.secureContext;
  assert.ok(before);
  assert.equal(options.secureContext, before);
  const next = join(folder, 'next.pem');
  writeFileSync(next, first + second);
  renameSync(next, file);
  assert.notEqual(options.secureContext, before);
});

test('while the folder of the file cannot be reached, the previous certificates stay in use, and the fault is reported once', (context) => {
  const { folder, file } = temporaryFile(context, first);
  const faults: string[] = [];
  const options = trustCertificatesOf(file, ({ message }) => faults.push(message));
  const before = options.secureContext;
  rmSync(folder, { recursive: true });
  // A loop fails for root as well, whom no permission stops.
  symlinkSync(folder, folder);
  for (let reads = 0; reads < 2; reads += 1) assert.equal(options.secureContext, before);
  assert.deepEqual(
    faults.map((fault) => fault.split(':')[0]),
    ['ELOOP'],
  );
});

test('while a replaced file is not valid or gone, the previous certificates stay in use, and each fault is reported once', (context) => {
  const { file } = temporaryFile(context, first);
  const faults: string[] = [];
  const options = trustCertificatesOf(file, ({ message }) => faults.push(message));
  const before = options.secureContext;
  writeFileSync(file, 'half a fil');
  assert.equal(options.secureContext, before);
  assert.equal(options.secureContext, before);
  assert.equal(faults.length, 1);
  rmSync(file);
  assert.equal(options.secureContext, before);
  assert.equal(faults.length, 2);
  writeFileSync(file, second);
  assert.notEqual(options.secureContext, before);
});
