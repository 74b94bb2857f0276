import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodecOptions } from '../../codec.ts';
import { compileProtobuf } from '../index.ts';

const frames: CodecOptions['framing'][] = ['glue', 'confluent'];
const googleTypes = [
  ...['calendar_period', 'color', 'date', 'dayofweek', 'expr', 'fraction', 'interval', 'latlng'],
  ...['money', 'month', 'phone_number', 'postal_address', 'quaternion', 'timeofday'],
].map((name) => `google/type/${name}.proto`);
const googleProtobuf = [
  ...['any', 'api', 'descriptor', 'duration', 'empty', 'field_mask', 'source_context', 'struct'],
  ...['timestamp', 'type', 'wrappers'],
].map((name) => `google/protobuf/${name}.proto`);

// The lists of the Java libraries, per frame.
const known = {
  glue: [
    ...['google/type/localized_text.proto', 'additionalTypes/decimal.proto'],
    ...['metadata/metadata.proto', 'wire/extensions.proto'],
  ],
  confluent: [
    ...['confluent/meta.proto', 'confluent/type/decimal.proto', 'confluent/type/variant.proto'],
    ...['google/type/datetime.proto', 'google/type/decimal.proto'],
  ],
};

function compile(framing: CodecOptions['framing'], ...files: string[]) {
  const imports = files.map((file) => `import "${file}";`).join(' ');
  const definition = `syntax = "proto3"; ${imports} message M { int32 a = 1; }`;
  return compileProtobuf({ definition }, { framing });
}

for (const framing of frames) {
  const files = [...googleProtobuf, ...googleTypes, ...known[framing]];
  const others = known[framing === 'glue' ? 'confluent' : 'glue'];

  test(`with ${framing}, each file of its Java library can be imported, alone and beside every other`, () => {
    for (const file of files) compile(framing, file);
    compile(framing, ...files);
    compile(framing, ...files.toReversed());
  });

  test(`with ${framing}, a file that only the other Java library brings along is refused`, () => {
    for (const file of others) {
      assert.throws(() => compile(framing, file), {
        code: 'invalid-schema',
        message: new RegExp(`import "${file}" is not among the references`),
      });
    }
  });
}

test('types of these files are read and written as Java does', () => {
  const definition = `syntax = "proto3"; import "google/type/money.proto"; import "additionalTypes/decimal.proto";
    message P { string id = 1; google.type.Money price = 2; additionalTypes.Decimal tax = 3; }`;
  const codec = compileProtobuf({ definition }, { framing: 'glue' });
  // Bytes of the Java library 1.1.27, then the decimal.
  const bytes = Buffer.from('000a017812070a0345555210051a0408011802', 'hex');
  const value = codec.decode(bytes, 0);
  assert.deepEqual(value, {
    id: 'x',
    price: { currencyCode: 'EUR', units: 5, nanos: 0 },
    tax: { units: 1, fraction: 0, precision: 2, scale: 0 },
  });
  const target = Buffer.alloc(100);
  assert.deepEqual(target.subarray(0, codec.encode(value, target, 0)), bytes);
});
