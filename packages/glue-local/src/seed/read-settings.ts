import { readText } from './read-text.ts';
import type { SeedSettings } from './seed.ts';

/**
 * Reads `registry.json` or `schema.json`. The values are checked when they are used.
 * @throws Error
 */
export function readSettingsFile(path: string, members: readonly string[]): SeedSettings {
  const value = parse(readText(path));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('expected a JSON object');
  }
  const unknown = Object.keys(value).find((member) => !members.includes(member));
  if (unknown !== undefined) {
    throw new Error(`unknown member ${unknown}; expected ${members.join(', ')}`);
  }
  return value as SeedSettings;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error('the text is not valid JSON');
  }
}
