import { readFileSync } from 'node:fs';

/** A connector as a file describes it: the body of `POST /connectors`. */
export interface Connector {
  name: string;
  /** Property → text. Numbers and booleans are the texts that the file has, so that no digit is lost. */
  config: ReadonlyMap<string, string>;
}

/** Files do not describe connectors. One line for each fault. */
export class ConnectorFileError extends Error {
  readonly code = 'connector-file';
  readonly retryable = false;
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('; '));
    this.lines = lines;
  }
}

/** @throws ConnectorFileError with the faults of all files */
export function readConnectorFiles(files: readonly string[]): Connector[] {
  const faults: string[] = [];
  const connectors = files.flatMap((file) => {
    try {
      const read = connectorOf(readText(file));
      if (Array.isArray(read)) faults.push(...read.map((fault) => `${file}: ${fault}`));
      return Array.isArray(read) ? [] : [read];
    } catch (error) {
      faults.push(`${file}: ${(error as Error).message}`);
      return [];
    }
  });
  const names = connectors.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    faults.push(`connector '${name}' is in more than one file`);
  if (faults.length > 0) throw new ConnectorFileError(faults);
  return connectors;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The connector, or the faults of its text. */
export function connectorOf(text: string): Connector | string[] {
  let document: unknown;
  try {
    document = JSON.parse(text, textOfPrimitive);
  } catch {
    // The message of the parser quotes the text, which may hold a password.
    return ['expected JSON'];
  }
  if (!isObject(document)) return ['expected an object with the members name and config'];
  const { name, config, ...others } = document;
  const faults: string[] = [];
  for (const member of Object.keys(others))
    faults.push(`/${member}: expected only name and config`);
  if (!(name instanceof Text) || !isConnectorName(name.text))
    faults.push('/name: expected a text that is not empty and has no slash');
  if (!isObject(config)) return [...faults, '/config: expected an object'];
  for (const [property, value] of Object.entries(config))
    if (!(value instanceof Text))
      faults.push(`/config/${property}: expected a text, a number or a boolean`);
  if (faults.length > 0) return faults;
  const texts = new Map(
    Object.entries(config).map(([property, value]) => [property, (value as Text).text]),
  );
  const named = (name as Text).text;
  if ((texts.get('name') ?? named) !== named)
    faults.push('/config/name: expected the same as /name');
  if (!texts.get('connector.class')) faults.push('/config/connector.class: is required');
  return faults.length > 0 ? faults : { name: named, config: texts.set('name', named) };
}

/** Connect's web server refuses a slash in a path, also an encoded one. */
const isConnectorName = (name: string): boolean => name.trim() === name && /^[^/\\]+$/.test(name);

/** A text, a number or a boolean of the file, as Connect gets it. */
class Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function textOfPrimitive(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'string') return new Text(value);
  if (typeof value === 'number' || typeof value === 'boolean')
    return new Text(context?.source ?? String(value));
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Text)
  );
}
