import type { DataFormat } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';

/** The content of a seed folder. */
export interface SeedRegistry {
  name: string;
  /** The folder, or the seed folder itself for schemas of the default registry. */
  path: string;
  settings: SeedSettings;
  /** `registry.json`; without it the folder. */
  settingsPath: string;
  schemas: readonly SeedSchema[];
}

export interface SeedSchema {
  name: string;
  /** The folder, or the first file of a schema without a folder. */
  path: string;
  dataFormat: DataFormat;
  settings: SeedSettings;
  /** `schema.json`; without it as `path`. */
  settingsPath: string;
  /** Version 1 first, without gaps. */
  versions: readonly SeedVersion[];
}

export interface SeedVersion {
  path: string;
  definition: string;
}

/** Of `registry.json`, which has no compatibility, and of `schema.json`. */
export interface SeedSettings {
  compatibility?: CompatibilityMode;
  description?: string;
  tags?: Readonly<Record<string, string>>;
}
