import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from './testing/open-registry.ts';

test('a .proto text can import the files that the Java library of AWS brings along, and no others', async () => {
  await using registry = openRegistry();
  const isValid = async (path: string) => {
    const SchemaDefinition = `syntax = "proto3"; import "${path}"; message Order { string id = 1; }`;
    const request = { DataFormat: 'PROTOBUF', SchemaDefinition };
    return (await registry.call('CheckSchemaVersionValidity', request)).answer.Valid;
  };
  for (const path of [
    ...['any', 'descriptor', 'struct', 'timestamp', 'wrappers'].map(
      (name) => `google/protobuf/${name}.proto`,
    ),
    ...['date', 'dayofweek', 'latlng', 'money', 'timeofday'].map(
      (name) => `google/type/${name}.proto`,
    ),
    ...['additionalTypes/decimal.proto', 'metadata/metadata.proto', 'wire/extensions.proto'],
  ]) {
    assert.equal(await isValid(path), true, path);
  }
  for (const path of [
    ...['google/type/datetime.proto', 'google/type/decimal.proto', 'google/api/http.proto'],
    ...['confluent/meta.proto', 'order.proto'],
  ]) {
    assert.equal(await isValid(path), false, path);
  }
});
