const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/;
const quotedOrComment = new RegExp(`${quoted.source}|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, 'g');

/** The text without comments and without what is in quotes. */
export function plainProto(schema: string): string {
  return replacedParts(schema, () => '""');
}

/** A default in quotes: the type of its field, and what is between the quotes, as it is written. */
export interface QuotedDefault {
  type: string;
  written: string;
}

/** The defaults of strings and bytes in a file. */
export function quotedDefaults(schema: string): QuotedDefault[] {
  const literals: string[] = [];
  // The index of a literal in its place leaves no signs of the language in it.
  const plain = replacedParts(schema, (literal) => `'${literals.push(literal) - 1}'`);
  const fields = /\b(string|bytes)\s+\w+\s*=\s*\w+\s*\[([^\]]*)\]/g;
  return [...plain.matchAll(fields)].flatMap(([, type = '', options = '']) => {
    const written = /\bdefault\s*=((?:\s*'\d+')+)/.exec(options)?.[1]?.match(/\d+/g);
    if (!written) return [];
    return [
      { type, written: written.map((index) => literals[Number(index)]?.slice(1, -1)).join('') },
    ];
  });
}

function replacedParts(schema: string, replaceLiteral: (literal: string) => string): string {
  return schema.replace(quotedOrComment, (part) =>
    /^["']/.test(part) ? replaceLiteral(part) : ' ',
  );
}
