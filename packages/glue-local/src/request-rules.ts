import { GlueError, invalidInput, invalidParameter } from './glue-error.ts';
import type { Operation, Request } from './request.ts';
import { parameterName, readStructure, shapeNamed } from './request-values.ts';
import {
  operations,
  type Shape,
  type StructureShape,
  shapes,
  type TextShape,
} from './service-model.ts';

/**
 * The request of an operation, checked against the service model: first the JSON types, then required members, then
 * lengths, patterns, values and ranges.
 * @throws GlueError SerializationException for a wrong JSON type, InvalidInputException for any other violation
 */
export function parseRequest<Name extends Operation>(operation: Name, body: string): Request<Name> {
  const shape: StructureShape = operations[operation];
  const request = readStructure(shape, parseJson(body), parameterName(operation));
  checkStructure(shape, request);
  return request as unknown as Request<Name>;
}

function parseJson(body: string): unknown {
  try {
    return body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    throw new GlueError('SerializationException', 'The request body is not valid JSON');
  }
}

function checkStructure(
  { required, members }: StructureShape,
  structure: Readonly<Record<string, unknown>>,
): void {
  for (const key of required) {
    if (structure[key] !== undefined) continue;
    throw invalidInput(
      `1 validation error detected: Value null at '${parameterName(key)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  for (const [key, value] of Object.entries(structure)) {
    checkValue(shapeNamed(members[key] ?? ''), value, parameterName(key));
  }
}

function checkValue(shape: Shape, value: unknown, parameter: string): void {
  switch (shape.type) {
    case 'structure':
      checkStructure(shape, value as Record<string, unknown>);
      return;
    case 'list': {
      const items = value as readonly unknown[];
      checkSize(shape, items.length, parameter);
      for (const item of items) checkValue(shapeNamed(shape.member), item, parameter);
      return;
    }
    case 'map': {
      const entries = Object.entries(value as Record<string, unknown>);
      checkSize(shape, entries.length, parameter);
      for (const [key, item] of entries) {
        checkValue(shapeNamed(shape.key), key, parameter);
        checkValue(shapeNamed(shape.value), item, parameter);
      }
      return;
    }
    case 'string':
      checkText(shape, value as string, parameter);
      return;
    case 'integer': {
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = shape;
      const number = value as number;
      if (number >= min && number <= max) return;
      throw invalidParameter(`The parameter value must be between ${min} and ${max}.`, parameter);
    }
    case 'boolean':
      return;
  }
}

/** Lists and maps of these requests hold tags only; the message is that of tags. */
function checkSize({ max = Infinity }: { max?: number }, size: number, parameter: string): void {
  if (size <= max) return;
  const kind = parameter === 'tagsToRemove' ? 'Tag keys' : 'New Tags';
  throw invalidInput(`${kind} cannot be empty or more than ${max}`);
}

function checkText(shape: TextShape, text: string, parameter: string): void {
  const { min = 0, max = Infinity, pattern } = shape;
  if (shape.enum !== undefined) {
    if (shape.enum.includes(text)) return;
    throw invalidInput(`${sentenceName(parameter)} is not valid.`);
  }
  // AWS counts characters, not UTF-16 units.
  const length = text.length > max || text.length < 2 * min ? [...text].length : text.length;
  if (length < min || length > max) {
    throw invalidParameter('The resource name contains too many or too few characters.', parameter);
  }
  if (pattern !== undefined && !compiled(pattern).test(text)) {
    throw invalidParameter(
      'The parameter value contains one or more characters that are not valid.',
      parameter,
    );
  }
}

/** `Data format` for dataFormat. */
function sentenceName(parameter: string): string {
  const words = parameter.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const patterns = new Map<string, RegExp>();
const javaDot = '[^\\n\\r\\u0085\\u2028\\u2029]';
const javaNonSpace = '[^ \\t\\n\\v\\f\\r]';

/** Java's `matches`: the whole text, where a dot is anything but a line end, and white space is that of ASCII. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  // AWS accepts definitions of several lines, though its pattern has the same dot.
  const dot = pattern === shapes.SchemaDefinitionString.pattern ? '[^]' : javaDot;
  const source = pattern.replaceAll('.*', `${dot}*`).replaceAll('\\S', javaNonSpace);
  const expression = new RegExp(`^(?:${source})$`, 'u');
  patterns.set(pattern, expression);
  return expression;
}
