import type { DataFormat } from '@order-stream/serde';
import { diffJson } from './json-patch.ts';
import type { JsonValue } from './json-value.ts';

/**
 * The JSON Patch (RFC 6902) that makes the second definition of the first: the shorter one of single changes and the
 * replacement of the whole document. Definitions that are not JSON are documents of one string each.
 */
export function diffDefinitions(dataFormat: DataFormat, first: string, second: string): string {
  const document = dataFormat === 'PROTOBUF' ? undefined : [first, second].map(parseExact);
  const [from = first, to = second] = document?.every((part) => part !== undefined) ? document : [];
  const replacement = JSON.stringify([{ op: 'replace', path: '', value: to }]);
  const operations = diffJson(from, to, replacement.length);
  if (operations === undefined) return replacement;
  const patch = JSON.stringify(operations);
  return replacement.length < patch.length ? replacement : patch;
}

/** Numbers keep the digits of the text. @returns undefined when the text is not JSON, such as a schema with comments */
function parseExact(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined ? rawJson(context.source) : value,
    );
  } catch {
    return undefined;
  }
}

// Node 22 and later; not in TypeScript's library yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): JsonValue };
