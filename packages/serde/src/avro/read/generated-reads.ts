import { ReaderSchemaMismatchError } from '../../errors.ts';
import { damaged, truncated } from '../damage.ts';
import { readBlockCount, readLong } from '../tap.ts';
import { readText } from '../text.ts';
import { emptyValueWords, spend } from './allocation-budget.ts';
import { holdsItems, primitiveReads, type Read } from './read.ts';

/** `empty`: the items are zero-length. */
export function readArray(item: Read, empty: boolean): Read {
  return generate(
    `const value = [];
     for (let count = readBlockCount(t); count > 0; count = readBlockCount(t)) {
       ${empty ? `spend(t, ${emptyValueWords(item)} * count)` : 'holdsItems(t, count)'};
       for (let left = count; left > 0; left--) {
         value.push(item(t));
         if (t.pos > t.buf.length) truncated();
       }
     }
     return value;`,
    { item, readBlockCount, holdsItems, spend, truncated },
  );
}

export function readMap(entry: Read): Read {
  return generate(
    `const value = {};
     for (let count = readBlockCount(t); count > 0; count = readBlockCount(t)) {
       holdsItems(t, count);
       for (let left = count; left > 0; left--) {
         const key = readText(t);
         if (key === '__proto__') defineOwn(value, key, entry(t));
         else value[key] = entry(t);
         if (t.pos > t.buf.length) truncated();
       }
     }
     return value;`,
    { entry, readBlockCount, readText, holdsItems, defineOwn, truncated },
  );
}

export function readEnum(symbols: readonly (string | undefined)[]): Read {
  return (tap) => {
    const index = readLong(tap) as number;
    const symbol = symbols[index];
    if (symbol !== undefined) return symbol;
    if (tap.pos > tap.buf.length) truncated();
    if (!(index in symbols)) damaged();
    throw new ReaderSchemaMismatchError(
      'it has neither a symbol of the writer nor a default symbol',
    );
  };
}

export function readUnion(branches: readonly { read: Read; tag?: string | undefined }[]): Read {
  const cases = branches.map(({ read, tag }, i) => {
    if (read === primitiveReads.null) return `case ${i}: return null;`;
    return `case ${i}: return ${tag === undefined ? `r${i}(t)` : tagged(tag, `r${i}(t)`)};`;
  });
  return generate(
    `switch (readLong(t)) {\n${cases.join('\n')}\ndefault: damaged();\n}`,
    Object.fromEntries([
      ...branches.map(({ read }, i) => [`r${i}`, read]),
      ['readLong', readLong],
      ['damaged', damaged],
    ]),
  );
}

export function readTagged(tag: string, read: Read): Read {
  return generate(`return ${tagged(tag, 'r(t)')};`, { r: read });
}

function tagged(tag: string, value: string): string {
  return `{${keyOf(tag)}: ${value}}`;
}

// Invariant: no name of a schema breaks out of the source text, and none changes the prototype of an object,
// as `{"__proto__": …}` would.
export function keyOf(name: string): string {
  const quoted = JSON.stringify(name);
  return name === '__proto__' ? `[${quoted}]` : quoted;
}

function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** A function of the cursor `t`, from source text that uses the names in `scope`. */
export function generate(body: string, scope: Record<string, unknown>): Read {
  const source = `return function (t) {\n${body}\n};`;
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}
