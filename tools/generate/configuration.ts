// Generates the lists of docs/configuration.md from the services' schemas. Compares them or writes them (`--write`).
import { consumerVariables } from '../../services/order-consumer/src/config.ts';
import { producerVariables } from '../../services/order-producer/src/config.ts';
import { withLists, writeOrCompare } from './generated-file.ts';
import { markdownList } from './markdown-list.ts';

const path = 'docs/configuration.md';

/** The parts of a variable's JSON schema that the page shows. */
interface Variable {
  type?: string;
  enum?: readonly string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  description?: string;
}
interface Variables {
  required?: readonly string[];
  properties: Record<string, unknown>;
}

const variablesOf = (schema: Variables) =>
  Object.entries(schema.properties) as [string, Variable][];
const sameIn = (schema: Variables) => (entry: [string, Variable]) =>
  JSON.stringify(schema.properties[entry[0]]) === JSON.stringify(entry[1]);

const both = variablesOf(producerVariables).filter(sameIn(consumerVariables));
const known = new Set(both.map(([name]) => name));
const own = (schema: Variables) => variablesOf(schema).filter(([name]) => !known.has(name));
const lists: Record<string, string> = {
  both: list(both, producerVariables),
  'order-producer': list(own(producerVariables), producerVariables),
  'order-consumer': list(own(consumerVariables), consumerVariables),
};

writeOrCompare('generate/configuration.ts', [withLists(path, lists)]);

function list(variables: [string, Variable][], { required = [] }: Variables): string {
  return markdownList(
    variables.map(([name, variable]) => ({
      term: `\`${name}\``,
      facts: [...fallback(name, variable, required), values(variable)],
      text: `${variable.description}.`,
    })),
  );
}

function fallback(name: string, variable: Variable, required: readonly string[]): string[] {
  if (variable.default !== undefined) return [`default \`${String(variable.default)}\``];
  return required.includes(name) ? ['required'] : [];
}

function values({ type, enum: choices, minimum, maximum }: Variable): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'array') return 'list';
  if (type !== 'integer' && type !== 'number') return 'text';
  return maximum === undefined ? `from ${minimum} on` : `${minimum} to ${maximum}`;
}
