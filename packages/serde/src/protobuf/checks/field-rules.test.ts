import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFiles } from '../names/loaded-files.ts';
import type { EnumSource, FieldSource } from '../source/source-file.ts';
import { checkField } from './field-rules.ts';

test('the default of an enum is a value of that enum, found without looking through its values', () => {
  const other = 'package o; enum O { X = 1; } message N { enum E { A = 1; } }';
  const files = loadFiles(
    `import "other.proto"; package p; enum F { B = 1; } enum E { A = 1; }
    message M { enum I { C = 1; }
      optional E e = 1 [default = A]; optional I i = 2 [default = C]; optional o.O o = 3 [default = X];
      optional o.N.E n = 4 [default = A];
      optional E w = 5 [default = B]; optional I x = 6 [default = A]; optional o.O y = 7 [default = A];
      optional E z = 8 [default = E]; optional E v = 9 [default = "A"]; }`,
    [{ name: 'other.proto', definition: other }],
    'glue',
  );
  const [file] = files;
  for (const { symbols } of files)
    for (const thing of symbols.values())
      if (thing.kind === 'enum')
        Object.defineProperty(thing.enum, 'values', {
          get(): EnumSource['values'] {
            throw new Error('looked through the values');
          },
        });
  const fields = file.source.messages[0]?.fields as FieldSource[];
  const check = (field: FieldSource) => checkField(field, `p.M.${field.name}`, file, files);
  for (const field of fields.slice(0, 4)) check(field);
  for (const field of fields.slice(4))
    assert.throws(() => check(field), /the default: expected a value of the enum [EIO]$/);
});
