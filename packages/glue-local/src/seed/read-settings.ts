import { compatibilityModes } from '@order-stream/serde/compatibility';
import { readText } from './read-text.ts';
import type { SeedSettings } from './seed.ts';

export type SettingsMember = keyof SeedSettings;

/**
 * Reads `registry.json` or `schema.json`. Lengths and characters are checked when the values are used.
 * @throws Error
 */
export function readSettingsFile(path: string, members: readonly SettingsMember[]): SeedSettings {
  const value = parse(readText(path));
  if (!isObject(value)) throw new Error(`expected a JSON object, found ${kindOf(value)}`);
  for (const [member, found] of Object.entries(value)) {
    if (!members.includes(member as SettingsMember)) {
      throw new Error(`unknown member ${member}; expected ${members.join(', ')}`);
    }
    checkMember(member as SettingsMember, found);
  }
  return value;
}

function checkMember(member: SettingsMember, found: unknown): void {
  switch (member) {
    case 'compatibility':
      if (compatibilityModes.some((mode) => mode === found)) return;
      throw new Error(`compatibility: expected one of ${compatibilityModes.join(', ')}`);
    case 'description':
      if (typeof found === 'string') return;
      throw new Error(`description: expected a string, found ${kindOf(found)}`);
    case 'tags': {
      if (!isObject(found)) throw new Error(`tags: expected an object, found ${kindOf(found)}`);
      for (const [key, value] of Object.entries(found)) {
        if (typeof value === 'string') continue;
        throw new Error(`tags: expected a string as the value of ${key}, found ${kindOf(value)}`);
      }
    }
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the text is not valid JSON');
  }
}
