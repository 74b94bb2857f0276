import { isIP } from 'node:net';

/**
 * Names that public DNS cannot have (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), and names of one label, such as a
 * service of compose.
 */
const privateName =
  /^(?:[a-z0-9_-]+|(?:[a-z0-9_-]+\.)+(?:localhost|local|internal|test|home\.arpa))$/i;

/**
 * Whether a `Host` header is one that a person typed. By DNS rebinding, a foreign site reaches this server under a public
 * name of its own, and its scripts could then read the page as if the page were theirs.
 */
export function isTrustedHost(host: string | undefined): boolean {
  const name = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(host ?? '');
  const [, ipv6, other = ''] = name ?? [];
  return ipv6 === undefined ? isIP(other) === 4 || privateName.test(other) : isIP(ipv6) === 6;
}

/**
 * Whether a form was sent by a page of this server, or by a program that is not a browser. Browsers send
 * `Sec-Fetch-Site`, older ones at least `Origin`.
 */
export function isSameSite(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}): boolean {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
