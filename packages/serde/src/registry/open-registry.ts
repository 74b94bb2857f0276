import { aTextOrEmpty, checkOptions, oneOf, required } from '../option-checks.ts';
import type { ConfluentRegistry, ConfluentRegistryOptions } from './confluent/confluent-options.ts';
import type { GlueRegistry, GlueRegistryOptions } from './glue/glue-options.ts';
import { withSnapshot } from './schema-snapshot.ts';

type SetByOpenRegistry = 'autoRegistration' | 'compatibility';

/** Which registry, and how it is reached. */
export type RegistrySettings = (
  | ({ kind: 'glue' } & Omit<GlueRegistryOptions, SetByOpenRegistry>)
  | ({ kind: 'confluent' } & Omit<ConfluentRegistryOptions, SetByOpenRegistry>)
) & {
  /** File of `withSnapshot`. Default none, also for an empty text. */
  snapshotFile?: string;
};

/** What the client may do, and who is told of a snapshot file that cannot be used. */
export interface OpenRegistryOptions {
  /** Options of the same name of either registry. */
  autoRegistration?: boolean;
  compatibility?: NonNullable<GlueRegistryOptions['compatibility']>;
  /** Called when the snapshot file exists but cannot be read or written. */
  onSnapshotFault?: (error: Error) => void;
}

/** A registry of either kind. `snapshotAnswers` is 0 without a snapshot file. */
export type OpenRegistry = (GlueRegistry | ConfluentRegistry) & {
  /** Number of answers that can replace those of the registry. */
  snapshotAnswers(): number;
};

/**
 * Creates the client of a registry. Only the client that is used is loaded, and with it the AWS SDK. Sends nothing.
 *
 * @throws TypeError an option is not what it may be; the compatibility mode DISABLED with a Confluent-compatible registry, which has no such mode
 */
export async function openRegistry(
  settings: RegistrySettings,
  options: OpenRegistryOptions = {},
): Promise<OpenRegistry> {
  checkOptions('openRegistry', settings, {
    kind: required(oneOf('glue', 'confluent')),
    snapshotFile: aTextOrEmpty,
  });
  const registry = await clientOf(settings, options);
  const { snapshotFile: file } = settings;
  const { onSnapshotFault: onFault } = options;
  if (!file) return { ...registry, snapshotAnswers: () => 0 };
  return withSnapshot(registry, { file, ...(onFault && { onFault }) });
}

async function clientOf(
  settings: RegistrySettings,
  { autoRegistration = false, compatibility = 'BACKWARD' }: OpenRegistryOptions,
): Promise<GlueRegistry | ConfluentRegistry> {
  if (settings.kind === 'glue') {
    const { createGlueRegistry } = await import('./glue/glue-registry.ts');
    return createGlueRegistry({ ...settings, autoRegistration, compatibility });
  }
  if (compatibility === 'DISABLED')
    throw new TypeError(
      'compatibility DISABLED is not supported by a Confluent-compatible registry',
    );
  const { createConfluentRegistry } = await import('./confluent/confluent-registry.ts');
  return createConfluentRegistry({ ...settings, autoRegistration, compatibility });
}
