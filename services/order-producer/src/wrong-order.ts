/** An invalid field: an RFC 6901 pointer into the body, a code for programs and a text for people. Never the value. */
export interface FieldFault {
  pointer: string;
  code: string;
  detail: string;
}

/** The body is valid JSON but not a valid order. */
export class WrongOrderError extends Error {
  readonly code = 'wrong-order';
  readonly retryable = false;
  readonly faults: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    super('the order is not valid');
    this.name = 'WrongOrderError';
    this.faults = faults;
  }
}

/** A violation as Ajv reports it. */
export interface SchemaViolation {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message?: string | undefined;
}

/** Converts Ajv's violations into faults that point at the field itself, missing and unknown fields included. */
export function fieldFaults(violations: readonly SchemaViolation[], body: unknown): FieldFault[] {
  const unions = new Set(
    violations.filter(({ keyword }) => keyword === 'anyOf').map((one) => one.instancePath),
  );
  return violations.flatMap((violation): FieldFault[] => {
    const { keyword, instancePath, params, message = 'is not valid' } = violation;
    if (unions.has(instancePath)) {
      if (keyword !== 'anyOf') return [];
      const branches = violations
        .filter((one) => one.instancePath === instancePath && one.keyword !== 'anyOf')
        .map((one) => one.message);
      return [unionFault(instancePath, valueAt(body, instancePath), branches.join(' or '))];
    }
    if (keyword === 'required')
      return [
        {
          pointer: `${instancePath}/${params.missingProperty}`,
          code: 'missing',
          detail: 'is required',
        },
      ];
    if (keyword === 'additionalProperties')
      return [
        {
          pointer: `${instancePath}/${escapePointer(String(params.additionalProperty))}`,
          code: 'unknown-field',
          detail: 'is not a field of an order',
        },
      ];
    const detail =
      instancePath === '/order_id' && keyword === 'pattern' ? 'must be a UUID' : message;
    return [{ pointer: instancePath, code: keyword, detail }];
  });
}

/** What the unions of the order accept; the detail of another union is Ajv's messages about its branches. */
const expected = new Map([
  [
    'ordered_at',
    'epoch milliseconds or an ISO 8601 date and time with an offset, within the years 1 to 9999',
  ],
  ['quantity', 'an integer ≥ 1 or a string of digits'],
  ['product_id', 'an integer ≥ 0 or a string of digits'],
]);

function unionFault(pointer: string, value: unknown, branches: string): FieldFault {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  const accepted = expected.get(name);
  if (accepted === undefined) return { pointer, code: 'type', detail: branches };
  const unsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (unsafe && name !== 'ordered_at')
    return {
      pointer,
      code: 'unsafe-integer',
      detail: 'exceeds 2^53 - 1, above which JSON numbers are not exact: send it as a string',
    };
  return { pointer, code: 'type', detail: `expected ${accepted}, got ${kindOf(value)}` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number')
    return Number.isInteger(value) || !Number.isFinite(value)
      ? 'an integer out of range'
      : 'a number that is not an integer';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function valueAt(body: unknown, pointer: string): unknown {
  let at = body;
  for (const part of pointer.split('/').slice(1))
    at = (at as Record<string, unknown> | undefined)?.[part];
  return at;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
