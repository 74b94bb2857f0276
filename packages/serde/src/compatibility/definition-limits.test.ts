import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidSchemaError } from '../errors.ts';
import { checkJsonSchema } from '../json-schema/index.ts';
import { type Answers, decideWithStack, type Succession } from '../testing/decide-with-stack.ts';
import { canonicalJson } from './canonical-json.ts';

// The main thread of Node.js has 0.98 MiB, part of which the caller has used.
const stacks = [0.7, 4] as const;

function nested(levels: number, open: string, leaf: string, close: string): string {
  return open.repeat(levels) + leaf + close.repeat(levels);
}

function json(levels: number, open: string, close: string): Succession {
  const text = (leaf: string) => nested(levels, open, leaf, close);
  return {
    dataFormat: 'JSON',
    mode: 'FULL',
    previous: text('{}'),
    next: text('{"type":"string"}'),
  };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `M${index}`);
}

/** A pattern that is matched with a value. */
function groups(levels: number): Succession {
  const next = JSON.stringify({ pattern: nested(levels, '(', 'b', ')*c') });
  return { dataFormat: 'JSON', mode: 'FULL', previous: '{"enum":["a"]}', next };
}

/** Definitions each of which refers to the next. */
function jsonChain(count: number, refer: (target: object) => object): Succession {
  const text = (last: object) => {
    const definitions = names(count).map((name, index) => {
      const target = { $ref: `#/definitions/M${index + 1}` };
      return [name, index === count - 1 ? last : refer(target)];
    });
    const whole = { $ref: '#/definitions/M0', definitions: Object.fromEntries(definitions) };
    return JSON.stringify(whole);
  };
  return { dataFormat: 'JSON', mode: 'FULL', previous: text({}), next: text({ type: 'string' }) };
}

function protobufChain(count: number): Succession {
  const text = (last: string) =>
    names(count)
      .map(
        (name, index) => `message ${name} { ${index < count - 1 ? `M${index + 1}` : last} a = 1; }`,
      )
      .join('\n');
  const syntax = 'syntax = "proto3";';
  const [previous, next] = [syntax + text('int32'), syntax + text('string')];
  return { dataFormat: 'PROTOBUF', mode: 'FULL', previous, next };
}

/** Each type is defined before those that refer to it, so that the types do not nest in the text. */
function avroChain(count: number): Succession {
  const text = (prefix: string, first: string) => {
    const types = names(count).map((name, index) => {
      const fields = [{ name: 'a', type: index === 0 ? first : `M${index - 1}` }];
      return {
        name: `${prefix}${index}`,
        type: ['null', { type: 'record', name, fields }],
        default: null,
      };
    });
    const fields = [...types, { name: 'last', type: `M${count - 1}` }];
    return JSON.stringify({ type: 'record', name: 'R', fields });
  };
  const [previous, next] = [text('f', 'int'), text('g', 'string')];
  return { dataFormat: 'AVRO', mode: 'FULL', previous, next };
}

function avroArrays(levels: number): Succession {
  const text = (leaf: string) => nested(levels, '{"type":"array","items":', leaf, '}');
  return { dataFormat: 'AVRO', mode: 'FULL', previous: text('"int"'), next: text('"string"') };
}

const beyond = /nesting beyond (?:500|1000) levels/;

/** What is decided, and the kinds of reasons; `undefined` for a definition that is not accepted. */
const cases: Record<string, [Succession, string | undefined]> = {
  'JSON, not': [json(499, '{"not":', '}'), 'CONDITION_CHANGED'],
  'JSON, not, one level too many': [json(500, '{"not":', '}'), undefined],
  'JSON, items': [json(499, '{"items":', '}'), 'TYPE_NARROWED'],
  'JSON, properties': [json(249, '{"properties":{"a":', '}}'), 'TYPE_NARROWED'],
  'JSON, properties, one level too many': [json(250, '{"properties":{"a":', '}}'), undefined],
  'JSON, anyOf': [json(249, '{"anyOf":[', ']}'), 'UNION_NARROWED'],
  'JSON, allOf': [json(249, '{"allOf":[', ']}'), 'TYPE_NARROWED'],
  'JSON, allOf of two': [json(249, '{"allOf":[true,', ']}'), 'TOO_COMPLEX'],
  'JSON, enum': [
    {
      ...json(1, '', ''),
      previous: `{"enum":[${nested(498, '[', '1', ']')}]}`,
      next: `{"enum":[${nested(498, '[', '2', ']')}]}`,
    },
    'ENUM_NARROWED',
  ],
  'JSON, groups of a pattern': [groups(500), 'PATTERN_CHANGED,ENUM_ADDED'],
  'JSON, groups of a pattern, one too many': [groups(501), 'TOO_COMPLEX,ENUM_ADDED'],
  'JSON, not, far beyond': [json(50_000, '{"not":', '}'), undefined],
  'JSON, references': [
    jsonChain(400, (target) => ({ properties: { a: target } })),
    'TYPE_NARROWED',
  ],
  'JSON, references alone': [jsonChain(400, (target) => target), 'TYPE_NARROWED'],
  'JSON, references in allOf': [jsonChain(400, (target) => ({ allOf: [target] })), 'TYPE_NARROWED'],
  'JSON, references in anyOf': [
    jsonChain(400, (target) => ({ anyOf: [{ type: 'null' }, target] })),
    'UNION_NARROWED',
  ],
  'Protobuf, references': [protobufChain(3000), 'FIELD_TYPE_CHANGED'],
  'Avro, references': [avroChain(1000), 'TYPE_MISMATCH'],
  'Avro, arrays': [avroArrays(999), 'TYPE_MISMATCH'],
  'Avro, arrays, far beyond': [avroArrays(50_000), undefined],
};

test('a definition is accepted and compared, or refused, whatever is left of the stack', async () => {
  const successions = Object.values(cases).map(([succession]) => succession);
  const [small, large] = await Promise.all(
    stacks.map((size) => decideWithStack(size, successions)),
  );
  for (const [index, [name, [, verdict]]] of Object.entries(cases).entries()) {
    const answers = small?.[index] as Answers;
    assert.deepEqual(answers, large?.[index], name);
    if (verdict === undefined) {
      const { places: _, ...others } = answers;
      for (const answer of Object.values(others)) assert.match(answer, beyond, name);
    } else {
      const accepted = { accepted: 'true', verdict, itself: 'true', places: 'true' };
      assert.deepEqual(answers, accepted, name);
    }
  }
});

test('the canonical form of a JSON Schema has the limit and the error of the check', () => {
  const text = nested(501, '{"not":', '{}', '}');
  const [first, second] = [canonicalJson, checkJsonSchema].map((read) => {
    try {
      return read(text);
    } catch (error) {
      return error;
    }
  });
  assert.ok(first instanceof InvalidSchemaError);
  assert.deepEqual(first, second);
});
