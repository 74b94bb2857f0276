/** One property whose value differs. A value that may be a secret is `hidden`. */
export interface PropertyChange {
  property: string;
  /** Undefined: the property is new. */
  from: string | undefined;
  /** Undefined: the property is removed. */
  to: string | undefined;
}

export const hidden = '[hidden]';

type Config = ReadonlyMap<string, string>;

/** The properties that differ, by name. */
export function configChanges(
  from: Config,
  to: Config,
  isSecret: (property: string, value: string) => boolean,
): PropertyChange[] {
  const shown = (property: string, value: string | undefined) =>
    value !== undefined && isSecret(property, value) ? hidden : value;
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((property) => from.get(property) !== to.get(property))
    .sort()
    .map((property) => ({
      property,
      from: shown(property, from.get(property)),
      to: shown(property, to.get(property)),
    }));
}

const secretName =
  /passw|passphrase|secret|token|credential|jaas|private|user\.?info|(access|api|account|storage|encryption)[._-]?key|\.key$|keystore\.(key|certificate)/i;
/** User and password in a URL, or a password among other settings. */
const secretValue = /:\/\/[^/\s]*:[^/\s]*@|passw(or)?d\s*=/i;
/** A reference that a worker resolves, such as `${env:DB_PASSWORD}`. */
const reference = /^\$\{[^{}]+\}$/;

/**
 * Whether the value of a property may be a secret.
 *
 * @param passwords properties that the connector itself declares as passwords
 */
export function looksSecret(
  property: string,
  value: string,
  passwords: ReadonlySet<string> = new Set(),
): boolean {
  if (reference.test(value)) return false;
  return passwords.has(property) || secretName.test(property) || secretValue.test(value);
}

/** The text of another program without the secrets of a configuration. */
export function withoutSecrets(
  text: string,
  config: Config,
  passwords: ReadonlySet<string> = new Set(),
): string {
  const secrets = [...config]
    .filter(([property, value]) => value !== '' && looksSecret(property, value, passwords))
    .map(([, value]) => value)
    // A secret may be a part of another one.
    .sort((one, other) => other.length - one.length);
  return secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, hidden), text);
}
