import { UsageError } from '@order-stream/command-line';
import { createPlainJsonDeserializer, printExactJson } from '@order-stream/serde';
import { memberAt, pointerNames } from './json-pointer.ts';
import type { Content } from './record-decoder.ts';

const plainJson = createPlainJsonDeserializer();

/** Whether a decoded key or value is one that was asked for. */
export type ContentFilter = (content: Content) => boolean;

/**
 * `/user_id=42`: the member at the JSON pointer has the text, or is printed as it: `42`, `true`, `null`, `{"a":1}`.
 *
 * @param name of the flag, for the error
 * @throws UsageError
 */
export function memberFilter(name: string, text: string): ContentFilter {
  const equals = text.indexOf('=');
  const names = equals < 0 ? undefined : pointerNames(text.slice(0, equals));
  if (names === undefined)
    throw new UsageError(
      `${name}: expected a JSON pointer and a value, /user_id=42, got '${text}'`,
    );
  const wanted = text.slice(equals + 1);
  return (content) => {
    const member = memberAt(decodedOf(content), names);
    if (member === undefined) return false;
    return member === wanted || printExactJson(member) === wanted;
  };
}

/** The whole key as text, or with a JSON pointer a member of it: `/order_id=…`. @throws UsageError */
export function keyFilter(name: string, text: string): ContentFilter {
  if (text.startsWith('/') && text.includes('=')) return memberFilter(name, text);
  return (content) => content.kind === 'text' && content.text === text;
}

/** What a pointer looks into. A key that is JSON is text. */
function decodedOf(content: Content): unknown {
  if (content.kind === 'value') return content.value;
  if (content.kind !== 'text') return undefined;
  try {
    return plainJson.deserializeSync(Buffer.from(content.text))?.value;
  } catch {
    return undefined;
  }
}
