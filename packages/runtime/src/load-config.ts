import type { Static, TObject, TSchema } from 'typebox';
// Of the two modules that have these functions, `typebox/value` is the larger one.
import { Check, Errors } from 'typebox/schema';

export interface ConfigFault {
  variable: string;
  problem: string;
}

/** The environment is invalid. The service prints every fault and exits 78 (EX_CONFIG, sysexits.h). */
export class ConfigError extends Error {
  readonly code = 'config';
  readonly retryable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ variable, problem }) => `${variable} ${problem}`).join('; '));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds faults between variables that are each valid alone, and in the files that they name. Invalid variables are absent.
 */
export type ConfigRule<Config> = (config: Partial<Config>) => ConfigFault[];

/** Makes one value of several variables. Invalid variables are absent. Throws ConfigError. */
type ConfigValue<Config, Value> = (config: Partial<Config>) => Value;

/**
 * Reads the variables that `schema` names and ignores all others. An empty variable counts as absent. Pure,
 * except for rules that read files.
 * Texts are converted as the schema says: integers and numbers, `true` and `false`, comma lists.
 *
 * @param values added to the result under their names
 * @throws ConfigError with all faults together. A fault never shows the value, which may be a secret.
 */
export function loadConfig<Schema extends TObject, Values extends object = object>(
  schema: Schema,
  env: Environment,
  rules: readonly ConfigRule<Static<Schema>>[] = [],
  values = {} as { [Name in keyof Values]: ConfigValue<Static<Schema>, Values[Name]> },
): Static<Schema> & Values {
  const config: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  const required = new Set<string>((schema as { required?: string[] }).required ?? []);

  for (const [variable, property] of Object.entries(schema.properties as Record<string, TSchema>)) {
    const text = env[variable]?.trim();
    const fallback = (property as { default?: unknown }).default;
    if (text === undefined || text === '') {
      if (fallback !== undefined) config[variable] = fallback;
      else if (required.has(variable)) faults.push({ variable, problem: 'is required' });
      continue;
    }
    const value = fromText(property, text);
    if (Check(property, value)) config[variable] = value;
    else faults.push({ variable, problem: problemOf(property, value) });
  }

  const valid = { ...config } as Partial<Static<Schema>>;
  const between = rules.flatMap((rule) => rule(valid));
  for (const [name, make] of Object.entries(values) as [
    string,
    ConfigValue<Static<Schema>, unknown>,
  ][]) {
    try {
      config[name] = make(valid);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      between.push(...error.faults);
    }
  }
  const invalid = new Set(faults.map(({ variable }) => variable));
  faults.push(...between.filter(({ variable }) => !invalid.has(variable)));
  if (faults.length > 0) throw new ConfigError(faults);
  return config as Static<Schema> & Values;
}

function fromText(schema: TSchema, text: string): unknown {
  switch ((schema as { type?: string }).type) {
    case 'integer':
    case 'number':
      return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return text;
  }
}

function problemOf(schema: TSchema, value: unknown): string {
  const choices = (schema as { enum?: string[] }).enum;
  if (choices) return `must be one of ${choices.join(', ')}`;
  if ((schema as { type?: string }).type === 'boolean') return 'must be true or false';
  const [, [error]] = Errors(schema, value);
  const problem = error?.message ?? 'is not valid';
  // The path of a list's entry is its index.
  const entry = /^\/(\d+)/.exec(error?.instancePath ?? '');
  return entry === null ? problem : `entry ${Number(entry[1]) + 1} ${problem}`;
}
