import { invalidInput } from './glue-error.ts';

/** Of one registry or schema; the service model has the same limit for one request. */
export const maxTags = 50;

/**
 * Keys that begin with `aws:` are AWS's own: https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html
 * @throws GlueError InvalidInputException
 */
export function checkTagKeys(keys: readonly string[]): void {
  if (!keys.some((key) => key.toLowerCase().startsWith('aws:'))) return;
  throw invalidInput('aws: prefixed tag key names are not allowed for external use.');
}
