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
  const value = member(members, key);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(key, 'string');
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
  range: { min: number; max: number },
): number | undefined {
  const value = member(members, key);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(key, 'integer');
  if (value < range.min || value > range.max) {
    throw invalidInput(
      `The parameter value must be between ${range.min} and ${range.max}. Parameter Name: ${parameter(key)}`,
    );
  }
  return value;
}

export function optionalFlag(members: Members, key: string): boolean | undefined {
  const value = member(members, key);
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(key, 'boolean');
}

export function optionalStructure(members: Members, key: string): Members | undefined {
  const value = member(members, key);
  if (value === undefined || isMembers(value)) return value;
  throw wrongType(key, 'structure');
}

export function requiredStructure(members: Members, key: string): Members {
  return optionalStructure(members, key) ?? missing(key);
}

export function optionalList(members: Members, key: string): readonly Members[] {
  const value = member(members, key);
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isMembers)) throw wrongType(key, 'list of structures');
  return value;
}

export function missing(key: string): never {
  throw invalidInput(
    `1 validation error detected: Value null at '${parameter(key)}' failed to satisfy constraint: Member must not be null`,
  );
}

/** AWS names parameters in messages as its Java code does: `schemaName`. */
export function parameter(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

function member(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? (members[key] ?? undefined) : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(key: string, expected: string): GlueError {
  return new GlueError('SerializationException', `${key} can not be converted to a ${expected}`);
}
