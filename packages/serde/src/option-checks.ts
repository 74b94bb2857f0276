import { nearestName } from './nearest-name.ts';

/** What an option may be. */
export interface OptionShape {
  /** As an error says it after "expected". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Default: the option may be left out. */
  readonly isRequired?: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the members of an object are its content. A Map or a Promise has none that an option could be read from. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && /^(?:Object|Module)$/.test(tagOf(value));

/** Such as `Object` or `Map`, also for an object of another realm. */
const tagOf = (value: object) => Object.prototype.toString.call(value).slice(8, -1);

export const aBoolean: OptionShape = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};
export const aText: OptionShape = {
  expected: 'a text',
  accepts: (value) => typeof value === 'string' && value !== '',
};
/** An empty text counts as not given: CDK and compose set variables without a value to it. */
export const aTextOrEmpty: OptionShape = {
  expected: 'a text',
  accepts: (value) => typeof value === 'string',
};
export const aFunction: OptionShape = {
  expected: 'a function',
  accepts: (value) => typeof value === 'function',
};
export const aPositiveInteger: OptionShape = {
  expected: 'an integer of 1 or more',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) > 0,
};
/** `Infinity` is no limit. */
export const aLimit: OptionShape = {
  expected: 'an integer of 1 or more, or Infinity',
  accepts: (value) => value === Number.POSITIVE_INFINITY || aPositiveInteger.accepts(value),
};
/** 0 does not wait, `Infinity` waits without a limit. */
export const aWaitMs: OptionShape = {
  expected: 'an integer of 0 or more, or Infinity',
  accepts: (value) => value === 0 || aLimit.accepts(value),
};
export const anObject: OptionShape = { expected: 'an object', accepts: isPlainObject };
export const textsByName: OptionShape = {
  expected: 'an object of texts',
  accepts: (value) =>
    isPlainObject(value) && Object.values(value).every((text) => typeof text === 'string'),
};
/** An option that another check, or the AWS SDK, looks at. */
export const anything: OptionShape = { expected: 'anything', accepts: () => true };
export const aDeserializer: OptionShape = {
  expected: 'a deserializer',
  accepts: (value) => isObject(value) && hasFunctions(value, ['deserialize', 'deserializeSync']),
};
export const aDataFormat = oneOf('AVRO', 'JSON', 'PROTOBUF');
export const formatsOnce: OptionShape = {
  expected: 'an array of formats such as avroFormat(), one for each data format',
  accepts: (value) =>
    Array.isArray(value) &&
    value.every(
      (one) =>
        isObject(one) && hasFunctions(one, ['compile']) && aDataFormat.accepts(one.dataFormat),
    ) &&
    new Set(value.map(({ dataFormat }) => dataFormat)).size === value.length,
};

/** A registry, with the functions that are called. */
export function aRegistry(...functions: readonly string[]): OptionShape {
  return {
    expected: `a registry with framing 'glue' or 'confluent', ${functions.join(', ')}`,
    accepts: (value) =>
      isObject(value) &&
      (value.framing === 'glue' || value.framing === 'confluent') &&
      hasFunctions(value, functions),
  };
}

function hasFunctions(value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'function');
}

/** One of these texts. */
export function oneOf(...values: readonly string[]): OptionShape {
  return {
    expected: values.map((value) => `'${value}'`).join(' or '),
    accepts: (value) => values.includes(value as string),
  };
}

/** A shape that must be given. */
export function required(shape: OptionShape): OptionShape {
  return { ...shape, isRequired: true };
}

/**
 * Checks what types cannot where a program is JavaScript, or its configuration comes from outside. Without it, a wrong
 * option or a misspelt name is ignored, or fails with another name where it is first used. `undefined` counts as not given.
 *
 * @param owner the function that takes the options
 * @throws TypeError names the option, and the kind of its value, or the nearest known name
 */
export function checkOptions(
  owner: string,
  options: unknown,
  shapes: Readonly<Record<string, OptionShape>>,
): void {
  if (!isPlainObject(options))
    throw new TypeError(`${owner}: expected an object of options, got ${kindOf(options)}`);
  const unknown = unknownName(options, shapes);
  if (unknown !== undefined) {
    const known = Object.keys(shapes);
    const nearest = nearestName(unknown, known);
    throw new TypeError(
      `${owner}: ${unknown} is not an option; ${
        nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${nearest}?`
      }`,
    );
  }
  for (const [name, shape] of Object.entries(shapes)) {
    const value = options[name];
    if (value === undefined ? shape.isRequired : !shape.accepts(value))
      throw new TypeError(`${owner}: ${name}: expected ${shape.expected}, got ${kindOf(value)}`);
  }
}

/** The first name with a value that is not among the known ones. Allocates nothing, because it is called for each record. */
export function unknownName(
  options: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const name in options)
    if (!Object.hasOwn(known, name) && options[name] !== undefined) return name;
  return undefined;
}

/** The kind of a value, never its content. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (value === '') return 'an empty text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isPlainObject(value) ? 'an object' : `a ${tagOf(value)}`;
}
