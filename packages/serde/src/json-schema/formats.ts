import { type FormatName, fullFormats } from 'ajv-formats/dist/formats.js';
import type { Draft } from './drafts.ts';
import { regularExpression } from './regular-expression.ts';

type Check = (text: string) => boolean;

const inDraft04 = ['date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri'] as const;
const inDraft06 = [...inDraft04, 'uri-reference', 'uri-template', 'json-pointer'] as const;
const inDraft07 = [...inDraft06, 'date', 'time', 'regex', 'relative-json-pointer'] as const;
const names: Record<Draft, readonly string[]> = {
  '04': inDraft04,
  '06': inDraft06,
  '07': inDraft07,
  '2019-09': [...inDraft07, 'uuid', 'duration'],
  '2020-12': [...inDraft07, 'uuid', 'duration'],
};

const time = String.raw`([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-8]):[0-5]\d)`;
const dateTimeText = new RegExp(String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T${time}$`);
const timeText = new RegExp(`^${time}$`);
const mailDomain = /@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/i;

// As Everit 1.14.5 decides, seen by running it: no leap second, `T` and `Z` in capitals, day 31 in
// every month of a date-time, hosts of e-mail with a dot, and in draft-04 any URI reference for a URI.
const ours: Record<string, Check> = {
  'date-time': (text) => dateTimeText.test(text),
  time: (text) => timeText.test(text),
  email: (text) => mailDomain.test(text) && standard('email')(text),
  uri: (text) => /^[a-z][a-z\d+.-]*:/i.test(text) && isUriReference(text),
  'uri-reference': isUriReference,
  regex: isRegularExpression,
};

/**
 * The formats that are checked in a draft: those which the Java library checks there, and `uuid` and
 * `duration` in the drafts beyond it. Any other is ignored.
 */
export function formatsOf(draft: Draft): Record<string, Check> {
  const checks = names[draft].map((name) => [name, ours[name] ?? standard(name)] as const);
  const formats = Object.fromEntries(checks);
  return draft === '04' ? { ...formats, uri: isUriReference } : formats;
}

function standard(name: string): Check {
  const format = fullFormats[name as FormatName];
  const check =
    typeof format === 'object' && !(format instanceof RegExp) ? format.validate : format;
  if (check instanceof RegExp) return (text) => check.test(text);
  return check as Check;
}

// Java's `URI` also takes letters beyond ASCII.
function isUriReference(text: string): boolean {
  const ascii = text.replace(/[^\p{ASCII}\p{Z}\p{C}]/gu, 'a');
  return standard('uri-reference')(ascii);
}

function isRegularExpression(text: string): boolean {
  try {
    regularExpression(text);
    return true;
  } catch {
    return false;
  }
}
