import {
  RegistryAccessError,
  RegistryRequestError,
  RegistryUnavailableError,
  SerdeError,
} from '../../errors.ts';

// The SDK has no classes for these errors of the signature check, which all services share.
const accessRefusals = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
const temporaryFailures = new Set([
  'ConcurrentModificationException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Converts an error of the AWS SDK. Errors of this package are returned unchanged. */
export function asRegistryError(error: unknown): SerdeError {
  if (error instanceof SerdeError) return error;
  const { name, message, $metadata } = error as Error & {
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  const reason = message ? `${name}: ${message}` : name;
  const options = { cause: error };

  if (accessRefusals.has(name)) return new RegistryAccessError(reason, options);
  if (temporaryFailures.has(name) || status === undefined || status >= 500 || status === 429) {
    return new RegistryUnavailableError(reason, options);
  }
  if (status === 401 || status === 403) return new RegistryAccessError(reason, options);
  return new RegistryRequestError(reason, options);
}
