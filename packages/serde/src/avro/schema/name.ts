import { type AvroName, InvalidAvroSchemaError } from './model.ts';

const legalName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
const beyondBasicPlane = /[\u{10000}-\u{10ffff}]/u;

/**
 * Avro Java's rule, which is wider than the specification's: any Unicode letter of the basic plane.
 * @throws InvalidAvroSchemaError
 */
export function checkName(name: unknown): string {
  if (typeof name !== 'string') throw new InvalidAvroSchemaError('Null name');
  if (name === '') throw new InvalidAvroSchemaError('Empty name');
  if (!legalName.test(name) || beyondBasicPlane.test(name)) {
    throw new InvalidAvroSchemaError(`Illegal character in: ${name}`);
  }
  return name;
}

/**
 * A name with a dot contains its namespace. Only the part after the last dot is checked: Java accepts
 * the namespace `Order V1`.
 */
export function resolveName(text: string, enclosing: string | undefined): AvroName {
  const lastDot = text.lastIndexOf('.');
  const name = checkName(text.slice(lastDot + 1));
  const namespace = (lastDot < 0 ? enclosing : text.slice(0, lastDot)) || undefined;
  return { name, namespace, fullName: namespace === undefined ? name : `${namespace}.${name}` };
}
