import { domainToASCII } from 'node:url';
import { type FormatName, fullFormats } from 'ajv-formats/dist/formats.js';
import type { Draft } from './drafts.ts';

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

const clock = String.raw`(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?|24:00:00(?:\.0{1,9})?)`;
const day = String.raw`(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const zone = String.raw`(?:Z|[+-](?:(?:0\d|1[0-7]):[0-5]\d|18:00))`;
const dateTimeText = new RegExp(`^${day}T${clock}${zone}$`);
const timeText = new RegExp(String.raw`^${clock}(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`);
const mask = String.raw`\/(?:\d{1,2}|1[01]\d|12[0-8])`;
const zoneAndMask = new RegExp(String.raw`(?:%[^\s/%]+)?(?:${mask})?$`);
const variable = String.raw`(?:[\w.]|%[\da-fA-F]{2})+(?::\d+|\*)?`;
const template = new RegExp(String.raw`^(?:[^{}]|\{[+#./;?&]?${variable}(?:,${variable})*,?\})*$`);
// Commons Validator: words between dots, or one quoted string; at most 64 characters.
const mailbox =
  /^(?=.{1,64}@)(?:[^\s\p{Cc}()<>@,;:\\".[\]]+(?:\.[^\s\p{Cc}()<>@,;:\\".[\]]+)*|"[^"\\]*")@([^@]+)$/u;
const topLevel = /\.(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/i;

// As Everit 1.14.5 decides, observed by running it: no leap second, `T` and `Z` in capitals, day 31 in
// every month of a date-time, host names with several labels need a top-level domain, names and URIs may
// have letters beyond ASCII. Everit also checks top-level domains against a list, which is not copied here. Its
// `regex` is an expression of Java; here it is one of ECMA 262.
const ours: Record<string, Check> = {
  date: isDate,
  'date-time': (text) => dateTimeText.test(text),
  time: (text) => timeText.test(text),
  email: isMailAddress,
  hostname: isHostname,
  ipv6: (text) => standard('ipv6')(text.replace(zoneAndMask, '')),
  'relative-json-pointer': (text) => standard('relative-json-pointer')(text.replaceAll('~', 'a')),
  uri: isUri,
  'uri-reference': isUriReference,
  'uri-template': (text) => template.test(text),
  regex: isRegularExpression,
};

/**
 * The formats that are checked in a draft: those of the Java library, and `uuid` and `duration` in the
 * drafts that it does not support. Others are ignored.
 */
export function formatsOf(draft: Draft): Record<string, Check> {
  const checks = names[draft].map((name) => [name, ours[name] ?? standard(name)] as const);
  const formats = Object.fromEntries(checks);
  // In draft-04 Everit accepts any reference as a URI, and in draft-06 one that begins with `//`.
  if (draft === '04') return { ...formats, uri: isUriReference };
  if (draft !== '06') return formats;
  return { ...formats, uri: (text) => isUri(text) || (/^\/\//.test(text) && isUriReference(text)) };
}

function standard(name: string): Check {
  const format = fullFormats[name as FormatName];
  const check =
    typeof format === 'object' && !(format instanceof RegExp) ? format.validate : format;
  if (check instanceof RegExp) return (text) => check.test(text);
  return check as Check;
}

function isMailAddress(text: string): boolean {
  const domain = mailbox.exec(text)?.[1];
  if (domain === undefined) return false;
  const address = /^\[(.*)\]$/.exec(domain)?.[1];
  if (address !== undefined) return standard('ipv4')(address) || standard('ipv6')(address);
  return /\.[^.]/.test(domain) && !domain.endsWith('.') && isHostname(domain);
}

function isHostname(text: string): boolean {
  const isAscii = /^\p{ASCII}*$/u.test(text);
  // Without this, a number would be read as an address.
  const ascii = isAscii ? text : domainToASCII(text);
  if (ascii === '' || !standard('hostname')(ascii)) return false;
  return !ascii.includes('.') || topLevel.test(ascii.replace(/\.$/, ''));
}

function isDate(text: string): boolean {
  const signed = /^(?:-(?!0000-)(\d{4,9})|\+(\d{5,9}))(?=-)/.exec(text);
  if (!signed) return standard('date')(text);
  const year = 2000 + (Number(signed[1] ?? signed[2]) % 400);
  return standard('date')(year + text.slice(signed[0].length));
}

function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text) && isUriReference(text);
}

// Java's `URI` also accepts letters beyond ASCII, and brackets in a query or fragment.
function isUriReference(text: string): boolean {
  if (text.includes('"')) return false;
  const [, scheme, rest = ''] = /^(?:([^:/?#]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme !== undefined && (!/^[a-z][a-z\d+.-]*$/i.test(scheme) || rest === '')) return false;
  if (rest === '//' || (scheme !== undefined && rest.startsWith('#'))) return false;
  const ascii = text
    .replace(/[^\p{ASCII}\p{Z}\p{C}]/gu, 'a')
    .replace(/[?#].*$/s, (tail) => tail.replace(/[[\]]/g, 'a'));
  return standard('uri-reference')(ascii);
}

// The expression is never run, so differences between JavaScript and Java do not matter.
function isRegularExpression(text: string): boolean {
  const source = text.replace(/^\(\?i\)/, '');
  return ['u', ''].some((flags) => {
    try {
      return Boolean(new RegExp(source, flags));
    } catch {
      return false;
    }
  });
}
