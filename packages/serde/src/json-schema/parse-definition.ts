import { parseExactJson } from '../json/exact-json.ts';

// Keeps every later walk of a definition within the stack, however much of the stack is left. Definitions in use nest
// fewer than 50 levels.
const maxDepth = 500;

/**
 * The JSON of a definition, or of a schema that it refers to. Integers are exact, as in `parseExactJson`.
 *
 * @throws SyntaxError the text is not JSON, or its objects and arrays nest beyond 500 levels
 */
export function parseDefinition(text: string): unknown {
  checkDepth(text);
  return parseExactJson(text);
}

/** @throws SyntaxError objects and arrays of a definition nest beyond 500 levels */
export function checkDepth(text: string): void {
  if (depthOf(text) > maxDepth) throw new SyntaxError(`nesting beyond ${maxDepth} levels`);
}

/** How many objects and arrays are inside each other. Of a text that is not JSON, any number. */
function depthOf(text: string): number {
  const tokens = /"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs;
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
