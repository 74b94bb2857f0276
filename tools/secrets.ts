/** What looks like a secret, never the secret itself: this is printed. */
export interface Finding {
  kind: string;
  /** From 1. */
  line: number;
}

/** Kind → how it looks, and what of it is none. No pattern matches its own source. */
const kinds: Record<string, { looks: RegExp; exempt?: RegExp }> = {
  // AWS's documentation ends the ids of its examples so.
  'AWS access key id': { looks: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, exempt: /EXAMPLE$/ },
  'AWS secret access key': {
    looks: /secret_?access_?key\W{1,5}[0-9a-z/+]{40}(?![0-9a-z/+])/gi,
    exempt: /EXAMPLEKEY$/,
  },
  'private key': { looks: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g },
  'GitHub token': { looks: /\b(?:gh[oprsu]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,})/g },
  'npm token': { looks: /\bnpm_[0-9A-Za-z]{36}\b/g },
  // A variable, a placeholder or an ellipsis in its place is none, nor is anything for a host that is called host.
  'password in a URL': {
    looks: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"`]*:[^\s/@'"`]+@[^\s/:'"`]*/gi,
    exempt: /:(?:\$\{.*\}|\$[A-Z_]+|<.*>|…)@|@host$/,
  },
};

/** Everything in the text that looks like a secret, by kind and line. */
export function findSecrets(text: string): Finding[] {
  return Object.entries(kinds).flatMap(([kind, { looks, exempt }]) =>
    [...text.matchAll(looks)]
      .filter(([found]) => exempt?.test(found) !== true)
      .map(({ index }) => ({ kind, line: text.slice(0, index).split('\n').length })),
  );
}
