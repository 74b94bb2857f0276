/** Whether a character is one that an atom of a pattern stands for. */
export type CharacterTest = (character: string) => boolean;

/** A pattern without its groups, whose texts matter to nobody. */
export type PatternNode =
  | { readonly kind: 'character'; readonly isOne: CharacterTest }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly part: PatternNode;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'place'; readonly place: Place }
  | {
      readonly kind: 'look';
      readonly part: PatternNode;
      readonly isBehind: boolean;
      readonly isNegated: boolean;
    };

/** A place between two characters; each is undefined at an end of the text. */
export type Place = (before: string | undefined, after: string | undefined) => boolean;

// The text of a definition can nest groups deeper than the stack reaches.
const maxDepth = 500;
const lookaround = /\(\?(<?)([=!])/y;
const modifiers = /\(\?([ims]*)(?:-([ims]*))?:/y;
const group = /\((?:\?<[^=!>][^>]*>)?/y;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const characterClass = /\[[^\\\]]*(?:\\[\s\S][^\\\]]*)*\]/y;
const backReference = /\\[1-9k]/y;
const boundary = /\\([bB])/y;
// Outside the flag `u`, an escape that is cut off stands for its letter.
const unicodeEscape =
  /\\(?:x[\da-f]{2}|u[dD][89abAB][\da-f]{2}\\u[dD][c-fC-F][\da-f]{2}|u[\da-f]{4}|u\{[\da-f]+\}|p\{[^}]*\}|c[a-z]|[\s\S])/iuy;
const legacyEscape = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|0[0-7]{0,2}|(?!c)[\s\S])/iy;

/**
 * Parses an expression that JavaScript accepts, with the flags `i`, `m`, `s` and `u`.
 *
 * @returns undefined for a pattern with a back reference, and for groups that nest beyond 500 levels
 */
export function parsePattern({ source, flags }: RegExp): PatternNode | undefined {
  const isUnicode = flags.includes('u');
  const tests = new Map<string, CharacterTest>();
  let position = 0;
  let depth = 0;
  let isUnknown = false;
  const whole = parseChoice(flags);
  return isUnknown ? undefined : whole;

  function take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = position;
    const found = expression.exec(source);
    if (found) position = expression.lastIndex;
    return found ?? undefined;
  }

  /** Ends at `)` or at the end of the pattern. */
  function parseChoice(active: string): PatternNode {
    const branches: PatternNode[] = [];
    let parts: PatternNode[] = [];
    while (!isUnknown && position < source.length && source[position] !== ')') {
      if (source[position] === '|') {
        position += 1;
        branches.push({ kind: 'sequence', parts });
        parts = [];
      } else parts.push(repeated(parseTerm(active)));
    }
    const last: PatternNode = { kind: 'sequence', parts };
    return branches.length === 0 ? last : { kind: 'choice', parts: [...branches, last] };
  }

  function repeated(part: PatternNode): PatternNode {
    const found = take(quantifier);
    if (!found) return part;
    const [, sign, low, comma, high] = found;
    const least = low === undefined ? Number(sign === '+') : Number(low);
    const unlimited = sign === '*' || sign === '+' || (comma !== undefined && high === '');
    const most = unlimited ? Number.POSITIVE_INFINITY : Number(high ?? low ?? 1);
    return { kind: 'repeat', part, least, most };
  }

  function parseTerm(active: string): PatternNode {
    const look = take(lookaround);
    if (look) {
      const [isBehind, isNegated] = [look[1] === '<', look[2] === '!'];
      return { kind: 'look', part: parseGroup(active), isBehind, isNegated };
    }
    const changed = take(modifiers);
    if (changed) {
      const [, added = '', removed = ''] = changed;
      const kept = [...active].filter((flag) => !removed.includes(flag));
      return parseGroup([...new Set([...kept, ...added])].join(''));
    }
    if (take(group)) return parseGroup(active);
    if (take(backReference)) {
      isUnknown = true;
      return { kind: 'sequence', parts: [] };
    }
    const edge = take(boundary);
    if (edge) return { kind: 'place', place: wordEdge(edge[1] === 'b', active) };
    const character = source[position] ?? '';
    if (character === '^' || character === '$') {
      position += 1;
      return { kind: 'place', place: textEdge(character, active) };
    }
    return { kind: 'character', isOne: parseCharacter(active) };
  }

  function parseGroup(active: string): PatternNode {
    depth += 1;
    if (depth > maxDepth) isUnknown = true;
    const part = parseChoice(active);
    depth -= 1;
    position += 1;
    return part;
  }

  function parseCharacter(active: string): CharacterTest {
    const found = take(characterClass) ?? take(isUnicode ? unicodeEscape : legacyEscape);
    if (found) return knownTest(found[0], active);
    const character = isUnicode
      ? String.fromCodePoint(source.codePointAt(position) ?? 0)
      : source.charAt(position);
    // Only `\c` before another character than a letter, which stands for itself without the flag `u`.
    if (character === '\\') isUnknown = true;
    position += character.length;
    if (character === '.' || active.includes('i')) return knownTest(character, active);
    return (other) => other === character;
  }

  function knownTest(atom: string, active: string): CharacterTest {
    const key = `${active} ${atom}`;
    const test = tests.get(key) ?? testOf(atom, active);
    tests.set(key, test);
    return test;
  }
}

/** Asks JavaScript about one character, and remembers the answer for ASCII. */
function testOf(atom: string, flags: string): CharacterTest {
  const escaped = /^[{}\]]$/.test(atom) ? `\\${atom}` : atom;
  const expression = new RegExp(`^${escaped}$`, flags.replace('m', ''));
  const known: (boolean | undefined)[] = [];
  return (character) => {
    const code = character.charCodeAt(0);
    if (code > 127) return expression.test(character);
    known[code] ??= expression.test(character);
    return known[code];
  };
}

/** The place of `^` without the flag `m`. */
export const start: Place = (before) => before === undefined;

const end: Place = (_, after) => after === undefined;

function textEdge(sign: '^' | '$', flags: string): Place {
  if (!flags.includes('m')) return sign === '^' ? start : end;
  const isEdge = (beyond: string | undefined) =>
    beyond === undefined || /[\n\r\u2028\u2029]/.test(beyond);
  return sign === '^' ? (before) => isEdge(before) : (_, after) => isEdge(after);
}

function wordEdge(isWanted: boolean, flags: string): Place {
  const isWord = testOf('\\w', flags);
  const isInside = (character: string | undefined) => character !== undefined && isWord(character);
  return (before, after) => (isInside(before) !== isInside(after)) === isWanted;
}
