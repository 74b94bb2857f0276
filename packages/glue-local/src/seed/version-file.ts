import type { DataFormat } from '@order-stream/serde';

const dataFormats: Readonly<Record<string, DataFormat>> = {
  avsc: 'AVRO',
  json: 'JSON',
  proto: 'PROTOBUF',
};

/** What the name of a file says about the version in it. */
export interface VersionName {
  readonly number: number;
  readonly dataFormat: DataFormat;
}

/** A file with a version. */
export interface VersionFile extends VersionName {
  readonly path: string;
}

/** Files that are beside schemas by mistake or for another purpose. `<name>.v1.json` is a schema of that name. */
const otherFiles: Readonly<Record<string, string>> = {
  'registry.json': 'expected in the folder of a registry: <registry>/registry.json',
  'schema.json': 'expected in the folder of a schema: <registry>/<schema>/schema.json',
  'package.json':
    'is not a schema; move it, or give a schema of this name a version: package.v1.json',
  'package-lock.json':
    'is not a schema; move it, or give a schema of this name a version: package-lock.v1.json',
  'tsconfig.json':
    'is not a schema; move it, or give a schema of this name a version: tsconfig.v1.json',
};

// Without this, `order.V2.avsc` or `order.v02.avsc` would be version 1 of another schema.
const misspelledNumber = /\.(?:v(?:er|ersion)?[-_ ]?\d[^.]*|\d+)$/i;

/**
 * Reads `<schema>.v<N>.<extension>`, and `<schema>.<extension>` for version 1.
 * @throws Error another name
 */
export function parseLooseName(name: string): VersionName & { readonly schema: string } {
  const other = Object.hasOwn(otherFiles, name) ? otherFiles[name] : undefined;
  if (other !== undefined) throw new Error(other);
  const [, schema, number, extension = ''] =
    /^(.+?)(?:\.v([1-9]\d{0,5}))?\.(avsc|json|proto)$/.exec(name) ?? [];
  const dataFormat = dataFormats[extension];
  if (schema === undefined || dataFormat === undefined) {
    throw new Error('expected <schema>.avsc or <schema>.v<N>.avsc (or json, proto)');
  }
  if (number === undefined && misspelledNumber.test(schema)) {
    throw new Error(
      `expected <schema>.v<N>.${extension} with a number from 1 on, without zeros before it; a schema named ${schema} needs a number too: ${schema}.v1.${extension}`,
    );
  }
  return { schema, number: Number(number ?? '1'), dataFormat };
}

/**
 * Reads `v<N>.<extension>`, in the folder of a schema.
 * @throws Error another name
 */
export function parseVersionName(name: string): VersionName {
  const [, number, extension = ''] = /^v([1-9]\d{0,5})\.(avsc|json|proto)$/.exec(name) ?? [];
  const dataFormat = dataFormats[extension];
  if (dataFormat === undefined) {
    throw new Error('expected v<N>.avsc (or json, proto) or schema.json');
  }
  return { number: Number(number), dataFormat };
}

/**
 * Whether the files of a schema are its versions from 1 on, in one format.
 * @param files in the order of their numbers
 */
export function faultsOfNumbers(
  files: readonly VersionFile[],
): { path: string; message: string }[] {
  const first = files[0]?.dataFormat;
  return files.flatMap(({ path, number, dataFormat }, index) => {
    const messages: string[] = [];
    if (number > index + 1) messages.push(`version ${index + 1} is missing`);
    if (number < index + 1) messages.push(`there are two files of version ${number}`);
    if (dataFormat !== first) {
      messages.push(`expected ${first}, as version 1, found ${dataFormat}`);
    }
    return messages.map((message) => ({ path, message }));
  });
}
