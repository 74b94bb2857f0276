import type { DataFormat } from '@order-stream/serde';

/** The content of a seed folder. */
export interface SeedRegistry {
  name: string;
  /** The folder, or the seed folder itself for schemas of the default registry. */
  path: string;
  settings: SeedSettings;
  schemas: readonly SeedSchema[];
}

export interface SeedSchema {
  name: string;
  path: string;
  dataFormat: DataFormat;
  settings: SeedSettings;
  /** Version 1 first, without gaps. */
  versions: readonly SeedVersion[];
}

export interface SeedVersion {
  path: string;
  definition: string;
}

/** Of `registry.json`, which has no compatibility, and of `schema.json`. */
export interface SeedSettings {
  compatibility?: string;
  description?: string;
  tags?: Readonly<Record<string, string>>;
}
