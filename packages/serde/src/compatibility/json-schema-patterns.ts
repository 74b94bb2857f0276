import { regularExpression } from '../json-schema/regular-expression.ts';
import { createBoundedMap } from '../registry/bounded-map.ts';

// Every property name is matched with every pattern.
const compiled = createBoundedMap<string, RegExp>(20_000);

// An invalid pattern matches nothing: it is compatible with the equal pattern only.
const nothing = /(?!)/;

export function matches(pattern: string, text: string): boolean {
  const expression = compiled.get(pattern) ?? expressionOf(pattern);
  compiled.set(pattern, expression);
  return expression.test(text);
}

function expressionOf(pattern: string): RegExp {
  try {
    // The latest draft accepts the most patterns.
    return regularExpression(pattern, '2020-12');
  } catch {
    return nothing;
  }
}
