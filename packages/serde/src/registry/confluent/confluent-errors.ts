import {
  RegistryRequestError,
  SchemaNotRegisteredError,
  SchemaRefusedError,
} from '../../errors.ts';
import type { Answer, Refusal } from './confluent-client.ts';

/** @throws RegistryRequestError the registry refuses the request */
export function bodyOf<T>(answer: Answer<T>): T {
  if (answer.refusal) throw asRequestError(answer.refusal);
  return answer.body;
}

/** As `bodyOf`, and throws `Absent` when the registry finds no such schema or version. */
export function bodyFor<T>(
  named: string,
  answer: Answer<T>,
  Absent: new (named: string) => Error = SchemaNotRegisteredError,
): T {
  if (answer.refusal?.status === 404) throw new Absent(named);
  return bodyOf(answer);
}

export function asRequestError({ errorCode, message }: Refusal): RegistryRequestError {
  return new RegistryRequestError(`${errorCode} ${message}`);
}

/** An incompatible (409) or malformed (422) schema; else as `asRequestError`. */
export function asSchemaRefusal(schemaName: string, refusal: Refusal): Error {
  if (refusal.status !== 409 && refusal.status !== 422) return asRequestError(refusal);
  return new SchemaRefusedError({ schemaName, reason: refusal.message });
}
