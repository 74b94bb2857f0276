/** One wrong field: an RFC 6901 pointer into the body, a code to branch on, a text to read. Never the value. */
export interface FieldFault {
  pointer: string;
  code: string;
  detail: string;
}

/** The order is valid JSON but no order. */
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

/** As Ajv reports it. */
export interface SchemaViolation {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message?: string | undefined;
}

/** Turns Ajv's violations into faults that name the field itself, absent and unknown fields included. */
export function fieldFaults(violations: readonly SchemaViolation[], body: unknown): FieldFault[] {
  const unions = new Set(
    violations.filter(({ keyword }) => keyword === 'anyOf').map((one) => one.instancePath),
  );
  return violations.flatMap((violation): FieldFault[] => {
    const { keyword, instancePath, params, message = 'is not valid' } = violation;
    if (unions.has(instancePath))
      return keyword === 'anyOf' ? [integerFault(instancePath, valueAt(body, instancePath))] : [];
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

function integerFault(pointer: string, value: unknown): FieldFault {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  const unsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (unsafe && name !== 'ordered_at')
    return {
      pointer,
      code: 'unsafe-integer',
      detail: 'is beyond 2^53 - 1, where JSON numbers are not exact: send it as a string',
    };
  const expected: Record<string, string> = {
    ordered_at:
      'must be epoch milliseconds of the years 1 to 9999, or an ISO 8601 date and time with its offset',
    quantity: 'must be an integer from 1 on, or a string of its digits',
    product_id: 'must be an integer from 0 on, or a string of its digits',
  };
  return { pointer, code: 'type', detail: expected[name] ?? 'is not valid' };
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
