import type { ReaderSchemaChoice, RegisteredSchema } from '@order-stream/serde';
import type { OpenRegistry } from '@order-stream/serde/registry';
import { versionIdOf } from './delivery.ts';

type Registry = Pick<OpenRegistry, 'latestVersionOf' | 'source'>;

/** As many as a deserializer keeps readers. The oldest are no longer compared. */
const mostUsed = 1_000;

interface Used {
  /** Asks the registry's client, which keeps its answers and refreshes them in the background. */
  ask(): Promise<RegisteredSchema>;
  readonly versionId: string | undefined;
}

/**
 * Resolves Avro records to the latest version of their own schema, and notices when it has changed. Deserializers keep
 * what was chosen for a writer schema, so the caller makes new ones on a change.
 */
export function createLatestSchemas(onChange: (latest: RegisteredSchema) => void) {
  const used = new Map<string, Used>();

  return {
    choiceFor(topic: string, registry: Registry): ReaderSchemaChoice {
      // In a Confluent-compatible registry, topics with the same schema share its id.
      const names = [`${topic}-value`, topic];
      return async (writer) => {
        const ask = () => registry.latestVersionOf(writer, names);
        const latest = await ask();
        if (latest.dataFormat !== 'AVRO') return undefined;
        const key = `${topic} ${registry.source} ${versionIdOf(writer)}`;
        used.set(key, { ask, versionId: versionIdOf(latest) });
        const [oldest] = used.keys();
        if (used.size > mostUsed && oldest !== undefined) used.delete(oldest);
        return latest;
      };
    },

    /** Compares the versions in use with the registry's. A registry that does not answer changes nothing. */
    async refresh(): Promise<void> {
      for (const { ask, versionId } of used.values()) {
        const latest = await ask().catch(() => undefined);
        if (latest === undefined || versionIdOf(latest) === versionId) continue;
        used.clear();
        onChange(latest);
        return;
      }
    },
  };
}
