/** The keys of the JSON pointer in a fragment (RFC 6901, section 6). */
export function stepsOf(fragment: string): readonly string[] {
  return fragment
    .split('/')
    .slice(1)
    .map((step) => unescapeStep(decodePercents(step)));
}

/**
 * The keys that Everit 1.14.5 reads from a fragment: empty keys at the end are dropped, `+` is a space, and escapes
 * of JSON strings are resolved.
 */
export function javaStepsOf(fragment: string): readonly string[] {
  const steps = fragment.replace(/\/+$/, '').split('/').slice(1);
  return steps.map((step) => {
    const key = unescapeStep(decodePercents(step.replaceAll('+', ' ')));
    return key.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
  });
}

/** The text unchanged if it is not percent-encoded UTF-8. */
export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
