import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type, { type TSchema } from 'typebox';
import { ConfigError, loadConfig } from './load-config.ts';
import { brokerAddress, host, httpUrl, region, timeZone, topicName } from './value-kinds.ts';

/** What is wrong with the value; undefined when it is accepted. */
function problemOf(kind: TSchema, value: string): string | undefined {
  try {
    loadConfig(Type.Object({ IT: kind }), { IT: value });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.faults.length, 1);
    return error.faults[0]?.problem;
  }
}

function assertKind(
  kind: TSchema,
  { valid, invalid }: { valid: string[]; invalid: Record<string, string[]> },
): void {
  for (const value of valid) assert.equal(problemOf(kind, value), undefined, value);
  for (const [words, values] of Object.entries(invalid))
    for (const value of values)
      assert.ok(problemOf(kind, value)?.includes(words), `${value}: ${problemOf(kind, value)}`);
}

test('F15 a topic name has the characters and the length that Kafka accepts', () => {
  assertKind(topicName(), {
    valid: ['orders', 'a', '...', '-', '_', 'Orders_1.new-2', 'o'.repeat(249)],
    invalid: {
      'must be a topic name': [
        ...['my orders', 'my/orders', 'bestellungen-ü', '.', '..', 'a:b', 'a\nb', 'a\\b', 'a,b'],
        'o'.repeat(250),
      ],
    },
  });
});

test('F15 the address of a broker is a host and a port, and an IPv6 address is in brackets', () => {
  assertKind(brokerAddress(), {
    valid: [
      ...[
        'h:1',
        'h:65535',
        'localhost:9092',
        'kafka_1:9092',
        'b-1.msk.eu-west-1.amazonaws.com:9098',
      ],
      ...['127.0.0.1:9092', '[::1]:9092', '[fe80::1%eth0]:9092', '[::ffff:10.0.0.1]:9092'],
      ...['kafka.example.:9092', 'bücher.example:9092', '1password:9092', 'kafka.1:9092'],
    ],
    invalid: {
      'port from 1 to 65535': ['h:0', 'h:65536', 'h:99999', '[::1]:0', '127.0.0.1:00'],
      'in brackets, as in [::1]:9092': ['::1:9092', '::1', 'fe80::1', '2001:db8::1:9092'],
      'between the brackets': ['[]:9092', '[h]:9092', '[127.0.0.1]:9092', '[::1::2]:9092'],
      'host name or an IP address': [
        ...[':9092', 'a b:9092', 'a..b:9092', '.a:9092', 'a/b:9092', 'user@h:9092', 'h?:9092'],
        ...['300.0.0.1:9092', '1.2.3.4.5:9092', `${'a'.repeat(64)}:9092`, 'h%20:9092', '*:9092'],
      ],
      'must be host:port': [
        ...['h', 'h:', 'h:port', 'h:9092:', 'h:-1', 'h:+1', 'h:9e3', '[::1]', '[::1]9092', 'h:1.5'],
        ...['PLAINTEXT://h:9092', 'http://h:9092', 'h:9092/', '[::1:9092', '::1]:9092', 'a;b:1:2'],
      ],
    },
  });
});

test('F15 a fault of a list names the entry', () => {
  const servers = Type.Array(brokerAddress());
  assert.equal(problemOf(servers, 'h:1,h:0'), 'entry 2 must have a port from 1 to 65535');
});

test('F15 a host to listen on has neither port nor brackets', () => {
  assertKind(host({}), {
    valid: ['0.0.0.0', '::', '::1', 'localhost', 'my-host.internal', 'ip6-localhost'],
    invalid: {
      'must be a host name or an IP address': [
        ...['[::1]', 'localhost:3000', 'http://localhost', 'my host', '300.1.1.1', '*', 'a,b'],
      ],
    },
  });
});

test('F15 a URL names its protocol and its host', () => {
  assertKind(httpUrl({}), {
    valid: ['http://h', 'https://h:8080/base', 'http://[::1]:4570', 'HTTP://h', 'http://u:p@h/'],
    invalid: {
      'must be a URL': [
        ...['127.0.0.1:4570', 'h:4570', 'localhost', 'ftp://h', 'http:h', 'http://', 'http:///x'],
        ...['http://h:99999', 'http://h:0', 'http://a b', 'http://[::1', 'http://::1:4570'],
      ],
    },
  });
});

test('F15 the name of a region has small letters, digits and hyphens', () => {
  assertKind(region({}), {
    valid: ['us-east-1', 'eu-isoe-west-1', 'local', 'aws-global'],
    invalid: {
      'must be the name of a region': ['US-EAST-1', 'us east 1', 'us_east_1', 'eu-', '-'],
    },
  });
});

test('F15 a number is written in decimal digits', () => {
  const count = Type.Integer({ minimum: 0, maximum: 99_999 });
  assertKind(count, {
    valid: ['0', '5', '0010'],
    invalid: {
      integer: ['1e3', '0x10', '+5', '1_000', '1,000', '1 000', '٣', 'NaN', 'Infinity', '--1'],
    },
  });
});

test('a time zone is a name of the IANA database', () => {
  assertKind(timeZone({}), {
    valid: ['UTC', 'Australia/Sydney', 'America/Argentina/Buenos_Aires'],
    invalid: { 'must be the name of a time zone': ['Sydney', 'Australia/Sydney/', '+10:00'] },
  });
});
