import { RegistryRequestError } from '../../errors.ts';
import type { SchemaReference } from '../schema-registry.ts';

export type NamedReference = Required<Omit<SchemaReference, 'definition'>>;

/**
 * Returns an answer that has the shape of the API.
 *
 * @throws RegistryRequestError another kind of server, or a gateway, has answered
 */
export function shaped<T>(answer: unknown, expected: string, has: (answer: unknown) => boolean): T {
  if (has(answer)) return answer as T;
  throw new RegistryRequestError(
    `expected an answer with ${expected}; check the base path in the URL`,
  );
}

export const isNameList = (answer: unknown): answer is string[] =>
  Array.isArray(answer) && answer.every((name) => typeof name === 'string');

export const isNumberList = (answer: unknown): answer is number[] =>
  Array.isArray(answer) && answer.every(Number.isSafeInteger);

export const isSubjectList = (answer: unknown): answer is { subject: string; version: number }[] =>
  Array.isArray(answer) &&
  answer.every((one) => typeof one?.subject === 'string' && Number.isSafeInteger(one.version));

export const isReferenceList = (answer: unknown): answer is NamedReference[] =>
  isSubjectList(answer) &&
  answer.every((one) => typeof (one as Partial<NamedReference>).name === 'string');
