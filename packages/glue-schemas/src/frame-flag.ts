import { UsageError } from '@order-stream/command-line';
import { loadConfig } from '@order-stream/runtime/load-config';
import { registryVariables } from '@order-stream/runtime/registry-variables';
import type { SchemaRegistry } from '@order-stream/serde';
import type { Draft } from '@order-stream/serde/json-schema';
import Type from 'typebox';
import type { Terminal } from './command.ts';

/** Which registry a schema is for: it decides which .proto files can be imported, and the draft of a .json file without `$schema`. */
export type Framing = SchemaRegistry['framing'];

export const frameFlag = { frame: { type: 'string' } } as const;

export const frameHelp = `  --frame glue|confluent   the registry that the schemas are for (default: SCHEMA_REGISTRY, else glue). It decides which
                           imports of .proto files are built in, and the draft of a .json file without $schema:
                           04 for glue, 07 for confluent`;

const variables = Type.Object({ SCHEMA_REGISTRY: registryVariables.SCHEMA_REGISTRY });

/**
 * @throws UsageError for the flag
 * @throws ConfigError for `SCHEMA_REGISTRY`
 */
export function framingOf(flag: string | undefined, { env }: Pick<Terminal, 'env'>): Framing {
  if (flag === 'glue' || flag === 'confluent') return flag;
  if (flag !== undefined) throw new UsageError(`--frame must be glue or confluent, not '${flag}'`);
  const { SCHEMA_REGISTRY: kind } = loadConfig(variables, env, [], {});
  return kind === 'confluent' ? kind : 'glue';
}

/** The draft of a JSON Schema without `$schema`: that of the Java library with the same frame. */
export function draftOfFraming(framing: Framing): Draft {
  return framing === 'confluent' ? '07' : '04';
}
