import { invalidInput } from '../glue-error.ts';
import type { Operation } from '../request.ts';
import { operations } from '../service-model.ts';
import { isAccessKeyId } from './access-key-id.ts';
import { type Fault, type FaultKind, faultKinds } from './fault.ts';

const maxLatencyMs = 3_600_000;

type Readers = { [Member in keyof Fault]-?: (value: unknown, member: string) => Fault[Member] };

const readers: Readers = {
  fault: (value, member) => oneOf(faultKinds, value, member),
  actions: (value, member) => {
    if (!Array.isArray(value) || value.length === 0) {
      throw expected(member, 'a list of at least one action', value);
    }
    return value.map((item, index) => action(item, `${member}/${index}`));
  },
  accessKeyId: (value, member) => {
    if (typeof value === 'string' && isAccessKeyId(value)) return value;
    throw expected(member, 'an access key id (1 to 128 visible ASCII characters, no comma)', value);
  },
  count: (value, member) => wholeNumber(value, member, 1, Number.MAX_SAFE_INTEGER),
  rate: (value, member) => {
    if (typeof value === 'number' && value > 0 && value <= 1) return value;
    throw expected(member, 'a number above 0 and up to 1', value);
  },
  seed: (value, member) => wholeNumber(value, member, 0, 2 ** 32 - 1),
  latencyMs: (value, member) => wholeNumber(value, member, 1, maxLatencyMs),
  status: (value, member) => wholeNumber(value, member, 500, 599),
  when: (value, member) => oneOf(['before', 'after'] as const, value, member),
};

/** The faults to which a member applies that is not for all of them. */
const kindsWith: { readonly [Member in keyof Fault]?: readonly FaultKind[] } = {
  latencyMs: ['latency'],
  status: ['internal-error'],
  when: ['latency', 'internal-error', 'connection-reset'],
};

/** Actions that make versions. */
const registering: readonly Operation[] = ['CreateSchema', 'RegisterSchemaVersion'];

/**
 * A fault from the JSON text of a request. Unknown members are refused: a misspelled one would hit every call.
 * @throws GlueError InvalidInputException, whose message names the member
 */
export function parseFault(body: string): Fault {
  const given = parseObject(body);
  const fault: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(given)) {
    if (!Object.hasOwn(readers, member)) {
      throw invalidInput(`${member}: unknown member; expected ${listed(Object.keys(readers))}`);
    }
    fault[member] = readers[member as keyof Fault](value, member);
  }
  if (fault.fault === undefined) throw invalidInput(`fault: expected ${listed(faultKinds)}`);
  return checkTogether(fault as unknown as Fault);
}

function checkTogether(fault: Fault): Fault {
  for (const [member, kinds] of Object.entries(kindsWith)) {
    if (fault[member as keyof Fault] === undefined || kinds.includes(fault.fault)) continue;
    throw invalidInput(`${member}: applies only to ${listed(kinds)}`);
  }
  if (fault.fault === 'latency' && fault.latencyMs === undefined) {
    throw invalidInput('latencyMs: is required for latency');
  }
  if (fault.seed !== undefined && fault.rate === undefined) {
    throw invalidInput('seed: applies only together with rate');
  }
  if (fault.fault !== 'pending') return fault;
  const { actions = registering } = fault;
  const index = actions.findIndex((action) => !registering.includes(action));
  if (index >= 0) {
    throw invalidInput(`actions/${index}: pending applies only to ${listed(registering)}`);
  }
  return { ...fault, actions };
}

function parseObject(body: string): object {
  const value = parseJson(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalidInput(`expected a JSON object with the member fault, got ${kindOf(value)}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidInput('the request body is not valid JSON');
  }
}

function action(value: unknown, member: string): Operation {
  if (typeof value === 'string' && Object.hasOwn(operations, value)) return value as Operation;
  throw expected(member, 'an action of the registry, such as GetSchemaVersion', value);
}

function oneOf<Value extends string>(values: readonly Value[], value: unknown, member: string) {
  const found = values.find((one) => one === value);
  if (found === undefined) throw expected(member, listed(values), value);
  return found;
}

function wholeNumber(value: unknown, member: string, min: number, max: number): number {
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value);
  }
  throw expected(member, `a whole number from ${min} to ${max}`, value);
}

function expected(member: string, what: string, value: unknown) {
  const found =
    typeof value === 'string' || typeof value === 'number'
      ? JSON.stringify(value).slice(0, 100)
      : kindOf(value);
  return invalidInput(`${member}: expected ${what}, got ${found}`);
}

function listed(values: readonly string[]): string {
  if (values.length === 1) return String(values[0]);
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return `a value of type ${typeof value}`;
}
