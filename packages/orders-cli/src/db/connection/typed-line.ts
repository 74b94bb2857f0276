const interrupt = '\u0003';
const end = '\u0004';
const killLine = '\u0015';
const escapeKey = '\u001b';
const backspaces = ['\u007f', '\b'];

export type TypedKey =
  /** The line is complete. */
  | 'line'
  /** Ctrl-D on an empty line. */
  | 'end'
  /** Ctrl-C. */
  | 'interrupt'
  | undefined;

/** The line that a person types on a raw terminal, key by key. */
export function createTypedLine(echo: (text: string) => void) {
  let text = '';
  /** Within the keys of an escape sequence, such as those of an arrow. */
  let sequence: 'none' | 'begun' | 'parameters' = 'none';

  const replaceBy = (shorter: string) => {
    echo('\b \b'.repeat([...text].length - [...shorter].length));
    text = shorter;
  };

  return {
    text: () => text,
    /** @param character one code point */
    key(character: string): TypedKey {
      if (sequence === 'begun') sequence = character === '[' ? 'parameters' : 'none';
      else if (sequence === 'parameters') {
        if (/[@-~]/.test(character)) sequence = 'none';
      } else if (character === '\r' || character === '\n') return 'line';
      else if (character === interrupt) return 'interrupt';
      else if (character === end) return text === '' ? 'end' : undefined;
      else if (backspaces.includes(character)) replaceBy([...text].slice(0, -1).join(''));
      else if (character === killLine) replaceBy('');
      else if (character === escapeKey) sequence = 'begun';
      else if (!/\p{Cc}/u.test(character)) {
        text += character;
        echo(character);
      }
      return undefined;
    },
  };
}
