import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNamesOf } from './definition-names.ts';

test('names of a text are found once for each data format and draft', () => {
  const namesOf = createNamesOf();
  const text = '{"$id":"http://s/a","id":"http://s/b","type":"record","name":"R"}';
  const found = [
    namesOf('AVRO', text),
    namesOf('PROTOBUF', text),
    namesOf('JSON', text, '04'),
    namesOf('JSON', text, '07'),
  ];
  assert.deepEqual(
    found.map(({ defined }) => [...defined]),
    [['R'], [], ['http://s/b'], ['http://s/a']],
  );
  // The same object: the text was not read again.
  assert.equal(namesOf('JSON', text, '07'), found[3]);
  assert.equal(namesOf('AVRO', text), found[0]);
});
