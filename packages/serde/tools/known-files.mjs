import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Writes src/protobuf/known-files/*.ts: the .proto files that the Java libraries bring along, without comments.
 *
 *   node packages/serde/tools/known-files.mjs FOLDER
 *
 * FOLDER has the .proto files of these jars, unpacked:
 *   com.google.protobuf:protobuf-java:3.25.5                      google/protobuf
 *   com.google.api.grpc:proto-google-common-protos:2.7.4          google/type
 *   com.squareup.wire:wire-schema-jvm:5.2.0                       wire
 *   software.amazon.glue:schema-registry-serde:1.1.27             additionalTypes, metadata
 *   io.confluent:kafka-protobuf-types:8.5.0                       confluent
 */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node packages/serde/tools/known-files.mjs FOLDER');

const apache =
  'Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0';
const modules = [
  {
    module: 'google-protobuf',
    constant: 'googleProtobuf',
    folders: ['google/protobuf'],
    licence: licenceOf('google/protobuf/any.proto'),
  },
  {
    module: 'google-type',
    constant: 'googleType',
    folders: ['google/type'],
    licence: `Copyright 2021 Google LLC. ${apache}`,
  },
  {
    module: 'wire-extensions',
    constant: 'wireExtensions',
    folders: ['wire'],
    licence: `Copyright 2019 Square Inc. ${apache}`,
  },
  {
    module: 'aws-types',
    constant: 'awsTypes',
    folders: ['additionalTypes', 'metadata'],
    licence: `Copyright Amazon.com, Inc. or its affiliates. ${apache}`,
  },
  {
    module: 'confluent-types',
    constant: 'confluentTypes',
    folders: ['confluent', 'confluent/type'],
    licence: `Copyright Confluent Inc. ${apache}`,
  },
];

for (const { module, constant, folders, licence } of modules) {
  const files = folders.flatMap((path) =>
    readdirSync(join(folder, path))
      .filter((file) => file.endsWith('.proto'))
      .sort()
      .map((file) => `${path}/${file}`),
  );
  const entries = files.map((file) => {
    const text = withoutComments(readFileSync(join(folder, file), 'utf8'));
    return `  '${file}': \`\n${text.replace(/[\\`$]/g, '\\$&')}\`,\n`;
  });
  const header = `/*!\n${licence
    .split('\n')
    .map((line) => ` * ${line}`.trimEnd())
    .join('\n')}\n */`;
  const path = join(import.meta.dirname, `../src/protobuf/known-files/${module}.ts`);
  writeFileSync(
    path,
    `${header}\n\n/** By path, without comments. Written by tools/known-files.mjs. */\nexport const ${constant}: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`,
  );
}

/** The comment at the beginning of a file. */
function licenceOf(file) {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n');
}

function withoutComments(text) {
  return text
    .replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n');
}
