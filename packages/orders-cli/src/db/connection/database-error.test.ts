import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DatabaseRefusedError, DatabaseUnavailableError } from './database.ts';
import { databaseError } from './database-error.ts';

test('an error is one line with host, port and reason; only a refusal is final', () => {
  for (const [fault, type, message] of [
    [
      { message: 'x', code: 'ECONNREFUSED' },
      DatabaseUnavailableError,
      'connection refused (ECONNREFUSED)',
    ],
    [{ message: '' }, DatabaseUnavailableError, 'the connection was lost'],
    [{ message: 'no such table', refusal: '42P01' }, DatabaseRefusedError, 'no such table'],
    [
      { message: 'x', code: 'SELF_SIGNED_CERT_IN_CHAIN' },
      DatabaseRefusedError,
      'the authority of the server certificate is unknown: pass --ca-file (SELF_SIGNED_CERT_IN_CHAIN)',
    ],
  ] as const) {
    const error = databaseError('db:5432', fault, []);
    assert.ok(error instanceof type);
    assert.equal(error.message, `db:5432: ${message}`);
  }
});

test('S2-11 a password that the server repeats is not in the error', () => {
  const secret = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(secret, secret, fc.string(), fc.string(), (one, other, before, after) => {
      // Texts that occur in every message cannot be told from a secret.
      fc.pre(!'db:5432: ***'.includes(one) && !'db:5432: ***'.includes(other));
      const fault = { message: `${before}${one}${after}${other}`, refusal: '42601' };
      const { message, cause } = databaseError('db:5432', fault, [one, other]);
      assert.ok(!message.includes(one) && !message.includes(other), message);
      assert.equal(cause, undefined);
    }),
  );
});
