import { GlueError, invalidInput } from './glue-error.ts';

/** The members of a structure in a request. A null member counts as absent, as in AWS JSON. */
export type Members = Readonly<Record<string, unknown>>;

export interface TextRule {
  minLength?: number;
  maxLength: number;
  pattern?: RegExp;
}

/** @throws GlueError SerializationException when the body is not a JSON object */
export function parseMembers(body: string): Members {
  let value: unknown;
  try {
    value = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    throw new GlueError('SerializationException', 'The request body is not valid JSON');
  }
  if (!isMembers(value)) {
    throw new GlueError('SerializationException', 'The request body must be a JSON object');
  }
  return value;
}

export function optionalText(members: Members, key: string, rule: TextRule): string | undefined {
  const value = optional(members, key, 'string', isText);
  if (value === undefined) return undefined;
  // AWS counts characters, not UTF-16 units.
  const length = value.length > rule.maxLength ? [...value].length : value.length;
  if (length < (rule.minLength ?? 1) || length > rule.maxLength) {
    throw invalidInput(
      `The resource name contains too many or too few characters. Parameter Name: ${parameter(key)}`,
    );
  }
  if (rule.pattern !== undefined && !rule.pattern.test(value)) {
    throw invalidInput(
      `The parameter value contains one or more characters that are not valid. Parameter Name: ${parameter(key)}`,
    );
  }
  return value;
}

export function requiredText(members: Members, key: string, rule: TextRule): string {
  return optionalText(members, key, rule) ?? missing(key);
}

export function optionalInteger(
  members: Members,
  key: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const value = optional(members, key, 'integer', isInteger);
  if (value === undefined || (value >= min && value <= max)) return value;
  throw invalidInput(
    `The parameter value must be between ${min} and ${max}. Parameter Name: ${parameter(key)}`,
  );
}

export function optionalFlag(members: Members, key: string): boolean | undefined {
  return optional(members, key, 'boolean', (value) => typeof value === 'boolean');
}

export function optionalStructure(members: Members, key: string): Members | undefined {
  return optional(members, key, 'structure', isMembers);
}

export function requiredStructure(members: Members, key: string): Members {
  return optionalStructure(members, key) ?? missing(key);
}

export function optionalList(members: Members, key: string): readonly Members[] {
  return optional(members, key, 'list of structures', isList) ?? [];
}

function optional<Value>(
  members: Members,
  key: string,
  expected: string,
  isExpected: (value: unknown) => value is Value,
): Value | undefined {
  const value = Object.hasOwn(members, key) ? (members[key] ?? undefined) : undefined;
  if (value === undefined || isExpected(value)) return value;
  throw new GlueError('SerializationException', `${key} can not be converted to a ${expected}`);
}

function missing(key: string): never {
  throw invalidInput(
    `1 validation error detected: Value null at '${parameter(key)}' failed to satisfy constraint: Member must not be null`,
  );
}

/** AWS names parameters in messages as its Java code does: `schemaName`. */
export function parameter(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

const isText = (value: unknown) => typeof value === 'string';

const isInteger = (value: unknown): value is number => Number.isInteger(value);

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is Members[] =>
  Array.isArray(value) && value.every(isMembers);
