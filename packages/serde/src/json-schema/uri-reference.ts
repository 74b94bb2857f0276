const parts = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/is;

/**
 * Resolves a URI reference against a base, which may be relative or empty (RFC 3986, section 5.2).
 *
 * Under a base without a hierarchy, such as `urn:order`, a reference with a path is its own target. This is
 * the rule of Java's `URI`.
 */
export function resolveUri(base: string, reference: string): string {
  const { scheme, authority, path, query, fragment } = partsOf(reference);
  if (scheme !== '' || base === '') return reference;
  if (authority === undefined && path === '' && query === '') {
    return documentOf(base) + fragment;
  }
  const around = partsOf(base);
  const start = around.authority === undefined ? '' : `//${around.authority}`;
  const isOpaque = around.scheme !== '' && start === '' && !around.path.startsWith('/');
  if (isOpaque) return reference;
  if (authority !== undefined) return around.scheme + reference;
  const merged = path === '' ? around.path : mergePaths(around.path, path, start !== '');
  return around.scheme + start + withoutDots(merged) + query + fragment;
}

/** Resolves as Java's `URI` does: a reference that is only a query replaces the last step of the path (RFC 2396). */
export function resolveAsJava(base: string, reference: string): string {
  return resolveUri(base, reference.startsWith('?') && base !== '' ? `./${reference}` : reference);
}

/** A URI without its fragment. */
export function documentOf(uri: string): string {
  const hash = uri.indexOf('#');
  return hash < 0 ? uri : uri.slice(0, hash);
}

/** The fragment of a URI with its `#`; empty if it has none. */
export function fragmentOf(uri: string): string {
  return uri.slice(documentOf(uri).length);
}

function partsOf(uri: string) {
  const [, scheme, authority, path = '', query = '', fragment = ''] = parts.exec(uri) ?? [];
  return { scheme: scheme === undefined ? '' : `${scheme}:`, authority, path, query, fragment };
}

function mergePaths(base: string, path: string, hasAuthority: boolean): string {
  if (path.startsWith('/')) return path;
  if (hasAuthority && base === '') return `/${path}`;
  return base.slice(0, base.lastIndexOf('/') + 1) + path;
}

/** A relative path keeps the `..` that lead out of it. */
function withoutDots(path: string): string {
  const isAbsolute = path.startsWith('/');
  const kept: string[] = [];
  const steps = path.split('/');
  for (const [index, step] of steps.entries()) {
    const isDot = step === '.' || step === '..';
    const above = kept.at(-1);
    if (step === '..') {
      if (above !== undefined && above !== '..' && (above !== '' || kept.length > 1)) kept.pop();
      else if (!isAbsolute) kept.push(step);
    } else if (!isDot) kept.push(step);
    if (isDot && index === steps.length - 1 && kept.at(-1) !== '..') kept.push('');
  }
  return kept.join('/');
}
