import { isAscii } from 'node:buffer';
import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import Type, { type TString, type TStringOptions } from 'typebox';

/** A variable that takes one of a few texts. */
export const choice = <const Values extends string[]>(
  values: [...Values],
  fallback: Values[number],
  description?: string,
) => Type.Enum(values, { default: fallback, ...(description !== undefined && { description }) });

/** A port to listen on. 0: any free port. */
export const port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description });

/** A text that `isValid` accepts. `problem` follows the name of the variable. */
const text = (options: TStringOptions, isValid: (value: string) => boolean, problem: string) =>
  Type.Refine(Type.String(options), isValid, () => problem) as TString;

/** Kafka's limit of topic names. */
export const maxTopicNameLength = 249;

export function isTopicName(value: string): boolean {
  return (
    /^[a-zA-Z0-9._-]+$/.test(value) && value.length <= maxTopicNameLength && !/^\.\.?$/.test(value)
  );
}

export const topicName = (options: TStringOptions = {}) =>
  text(
    options,
    isTopicName,
    `must be a topic name: 1 to ${maxTopicNameLength} of the characters a-z, A-Z, 0-9, '.', '_' and '-', but neither '.' nor '..'`,
  );

/** A host to listen on or to connect to: a name or an address. An IPv6 address has no brackets. */
export const host = (options: TStringOptions) =>
  text(options, isHost, 'must be a host name or an IP address, without brackets and port');

function isHost(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const labels = value.replace(/\.$/, '').split('.');
  return (
    /^[\p{L}\p{M}\p{N}._-]+$/u.test(value) &&
    value.length <= 253 &&
    labels.every((label) => label.length >= 1 && label.length <= 63) &&
    // Numbers alone are a wrong address, such as 300.0.0.1. A name may end with a number, such as the container kafka.1.
    (labels.length === 1 || !labels.every((label) => /^\d+$/.test(label))) &&
    (isAscii(Buffer.from(value)) || domainToASCII(value) !== '')
  );
}

/** The address of a broker. */
export const brokerAddress = () =>
  Type.Refine(
    Type.String(),
    (value) => brokerAddressProblem(value) === undefined,
    (value) => brokerAddressProblem(value as string) ?? '',
  ) as TString;

function brokerAddressProblem(value: string): string | undefined {
  const [, bracketed, name, digits] = /^(?:\[(.*)\]|([^:[\]]*)):(\d+)$/.exec(value) ?? [];
  if (digits === undefined)
    return isIPv6(value) || isIPv6(value.replace(/:\d+$/, ''))
      ? 'must be host:port; write an IPv6 address in brackets, as in [::1]:9092'
      : 'must be host:port';
  if (bracketed !== undefined && !isIPv6(bracketed))
    return 'must have an IPv6 address between the brackets';
  if (name !== undefined && !isHost(name))
    return 'must have a host name or an IP address before the port';
  const isPort = Number(digits) >= 1 && Number(digits) <= 65_535;
  return isPort ? undefined : 'must have a port from 1 to 65535';
}

/** The URL of an HTTP server. */
export const httpUrl = (options: TStringOptions) =>
  text(options, isHttpUrl, 'must be a URL that begins with http:// or https://');

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^/]/i.test(value) && URL.canParse(value) && new URL(value).port !== '0';
}

/** The name of an AWS region. It is part of host names and signatures, where its case counts. */
export const region = (options: TStringOptions) =>
  text(
    options,
    (value) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) && value.length <= 63,
    'must be the name of a region, such as eu-central-1',
  );

/** The ARN of an IAM role. */
export const roleArn = (options: TStringOptions) =>
  Type.String({ pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$', ...options });

/** The name of a time zone that this Node knows. */
export const timeZone = (options: TStringOptions) =>
  text(
    options,
    isTimeZone,
    'must be the name of a time zone of the IANA database, such as Australia/Sydney',
  );

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    // Intl accepts offsets as well, which know no changes of the clock.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
