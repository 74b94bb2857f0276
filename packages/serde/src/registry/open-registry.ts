import {
  aBoolean,
  aFunction,
  aTextOrEmpty,
  checkOptions,
  oneOf,
  required,
} from '../option-checks.ts';
import { compatibilityModes } from './compatibility-modes.ts';
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
  checkSettings(settings);
  checkOptions('openRegistry', options, {
    autoRegistration: aBoolean,
    compatibility: oneOf(...compatibilityModes),
    onSnapshotFault: aFunction,
  });
  const { snapshotFile: file, ...client } = settings;
  const registry = await clientOf(client, options);
  const { onSnapshotFault: onFault } = options;
  if (!file) return { ...registry, snapshotAnswers: () => 0 };
  return withSnapshot(registry, { file, ...(onFault && { onFault }) });
}

/** The other settings are checked by the client. */
function checkSettings(settings: RegistrySettings): void {
  const { kind, snapshotFile, ...others } = settings ?? {};
  checkOptions(
    'openRegistry',
    { kind, snapshotFile },
    { kind: required(oneOf('glue', 'confluent')), snapshotFile: aTextOrEmpty },
  );
  for (const name of ['autoRegistration', 'compatibility'] satisfies SetByOpenRegistry[])
    if ((others as Record<string, unknown>)[name] !== undefined)
      throw new TypeError(`openRegistry: ${name} belongs in the second argument`);
}

async function clientOf(
  settings: RegistrySettings,
  { autoRegistration = false, compatibility = 'BACKWARD' }: OpenRegistryOptions,
): Promise<GlueRegistry | ConfluentRegistry> {
  if (settings.kind === 'glue') {
    const { createGlueRegistry } = await import('./glue/glue-registry.ts');
    const { kind: _, ...options } = settings;
    return createGlueRegistry({ ...options, autoRegistration, compatibility });
  }
  if (compatibility === 'DISABLED')
    throw new TypeError(
      'compatibility DISABLED is not supported by a Confluent-compatible registry',
    );
  const { createConfluentRegistry } = await import('./confluent/confluent-registry.ts');
  const { kind: _, ...options } = settings;
  return createConfluentRegistry({ ...options, autoRegistration, compatibility });
}
