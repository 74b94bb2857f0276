import { aText, isPlainObject, type OptionShape, unknownName } from '../../option-checks.ts';

export const aUrl: OptionShape = {
  expected: 'a URL that begins with http:// or https://',
  accepts: (value) =>
    typeof value === 'string' &&
    /^https?:\/\//i.test(value) &&
    URL.canParse(value) &&
    canDecode(value),
};

/** A `%` in user and password begins an escape. */
function canDecode(url: string): boolean {
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const authNames = { username: true, password: true, token: true };

/** Without this, a misspelt name would be sent as the user `undefined`. */
export const anAuth: OptionShape = {
  expected: '{ username, password } or { token }',
  accepts(value) {
    if (!isPlainObject(value) || unknownName(value, authNames) !== undefined) return false;
    const { username, password, token } = value;
    if (token === undefined) return typeof username === 'string' && typeof password === 'string';
    const isToken = aText.accepts(token) || typeof token === 'function';
    return isToken && username === undefined && password === undefined;
  },
};

export const referencesByName: OptionShape = {
  expected: 'an object of arrays of { name, subject, version }',
  accepts: (value) =>
    isPlainObject(value) &&
    Object.values(value).every((list) => Array.isArray(list) && list.every(isReference)),
};

function isReference(value: unknown): boolean {
  return (
    isPlainObject(value) &&
    typeof value.name === 'string' &&
    typeof value.subject === 'string' &&
    Number.isSafeInteger(value.version)
  );
}
