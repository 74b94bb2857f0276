import {
  RegistryAccessError,
  RegistryRequestError,
  RegistryUnavailableError,
  SerdeError,
} from '../../errors.ts';

// The SDK has no classes for these: they come from the signature check in front of every service.
const accessRefusals = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
const passing = new Set([
  'ConcurrentModificationException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** What an error of the AWS SDK means to whoever asked the registry. Typed errors pass unchanged. */
export function asRegistryError(error: unknown): SerdeError {
  if (error instanceof SerdeError) return error;
  const { name, message, $metadata } = error as Error & {
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  const words = message ? `${name}: ${message}` : name;
  const options = { cause: error };

  if (accessRefusals.has(name)) return new RegistryAccessError(words, options);
  if (passing.has(name) || status === undefined || status >= 500 || status === 429) {
    return new RegistryUnavailableError(words, options);
  }
  if (status === 401 || status === 403) return new RegistryAccessError(words, options);
  return new RegistryRequestError(words, options);
}
