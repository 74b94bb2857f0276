import {
  authenticationFault,
  BrokerUnavailableError,
  type KafkaError,
  protocolErrorType,
  refusesContent,
  rootCause,
  type SendFailure,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '../kafka-errors.ts';
import type { Batch } from './batch.ts';

/** The error of a batch that is not tried again. Only SendOutcomeUnknownError leaves open whether it was written. */
export function batchError({ doubt }: Batch, failure: SendFailure, error: unknown): KafkaError {
  const cause = authenticationFault(error) ?? error;
  const reason = rootCause(cause).message;
  // A refusal for the records themselves was the same when another partition's failure hid it.
  const mayBeWritten = doubt === 'lost' || (doubt === 'another' && !refusesContent(error));
  if (mayBeWritten) return new SendOutcomeUnknownError(reason, cause);
  if (failure === 'refused')
    return new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause);
  return new BrokerUnavailableError(reason, cause);
}
