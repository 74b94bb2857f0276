/** A request, as IAM evaluates it. */
export interface PolicyRequest {
  /** `kafka-cluster:Connect` */
  action: string;
  /** ARN, or `*` if the action does not support resources. */
  resource: string;
  /** Condition key → value, such as `aws:SourceAccount`. */
  context?: Readonly<Record<string, string>>;
}

/** `implicit-deny`: no statement applies. */
export type PolicyDecision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** The policy uses an element that this evaluator does not support, so any decision would be a guess. */
export class UnknownPolicyElementError extends Error {
  readonly code = 'unknown-policy-element';
  readonly retryable = false;
}

type Strings = string | readonly string[];
type Statement = Readonly<Record<string, unknown>>;

const statementElements = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

/**
 * Decides as IAM does for identity policies: an explicit Deny wins over an Allow, and without either the request is denied.
 * Supports Action, NotAction, Resource, NotResource, wildcards, and the string, ARN, Bool and Null conditions with IfExists.
 * Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
 *
 * @throws UnknownPolicyElementError for any other element, operator or policy variable
 */
export function evaluatePolicies(
  policies: readonly string[],
  request: PolicyRequest,
): PolicyDecision {
  const statements = policies.flatMap((policy) => statementsOf(policy));
  // Evaluates every statement, so that an unsupported one throws even after a Deny.
  const effects = statements.map((statement) =>
    matches(statement, request) ? statement.Effect : undefined,
  );
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allow' : 'implicit-deny';
}

/** The statements of a policy document, which may contain a list or a single statement. */
export function statementsOf(policy: string): Statement[] {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return Array.isArray(statements) ? statements : [statements];
}

/** The strings of a value that may be one string or a list of strings. */
export function stringsOf(value: unknown): readonly string[] {
  const strings = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(strings) || !strings.every((one) => typeof one === 'string'))
    throw new UnknownPolicyElementError(
      `expected a string or a list of strings, got ${JSON.stringify(value)}`,
    );
  return strings;
}

function matches(statement: Statement, request: PolicyRequest): boolean {
  for (const element of Object.keys(statement))
    if (!statementElements.has(element)) throw new UnknownPolicyElementError(element);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw new UnknownPolicyElementError(`Effect ${String(statement.Effect)}`);
  // No short circuit: an unsupported part throws whatever the other parts say.
  const action = matchesElement(statement, 'Action', (pattern) =>
    matchesWildcard(pattern.toLowerCase(), request.action.toLowerCase()),
  );
  const resource = matchesElement(statement, 'Resource', (pattern) =>
    matchesWildcard(pattern, request.resource),
  );
  const condition = conditionsHold(statement.Condition, request.context ?? {});
  return action && resource && condition;
}

/** Whether `Action` lists the value, or `NotAction` does not list it. Likewise for `Resource`. */
function matchesElement(
  statement: Statement,
  element: 'Action' | 'Resource',
  matches: (pattern: string) => boolean,
): boolean {
  const [positive, negative] = [statement[element], statement[`Not${element}`]];
  if ((positive === undefined) === (negative === undefined))
    throw new UnknownPolicyElementError(`expected either ${element} or Not${element}`);
  return positive === undefined
    ? !stringsOf(negative).some((text) => matches(literal(text)))
    : stringsOf(positive).some((text) => matches(literal(text)));
}

/** `*` matches any text and `?` any character, slashes and colons included. */
function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function literal(text: string): string {
  if (text.includes('${')) throw new UnknownPolicyElementError(`policy variable in ${text}`);
  return text;
}

type Operator = (policy: readonly string[], value: string) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: (policy, value) => policy.includes(value),
  StringNotEquals: (policy, value) => !policy.includes(value),
  StringEqualsIgnoreCase: (policy, value) =>
    policy.some((text) => text.toLowerCase() === value.toLowerCase()),
  StringLike: (policy, value) => policy.some((text) => matchesWildcard(text, value)),
  StringNotLike: (policy, value) => !policy.some((text) => matchesWildcard(text, value)),
  ArnEquals: (policy, value) => policy.some((text) => arnLike(text, value)),
  ArnLike: (policy, value) => policy.some((text) => arnLike(text, value)),
  ArnNotLike: (policy, value) => !policy.some((text) => arnLike(text, value)),
  Bool: (policy, value) => policy.some((text) => text.toLowerCase() === value.toLowerCase()),
};
const negated = /^(StringNot|ArnNot)/;

function conditionsHold(condition: unknown, context: Readonly<Record<string, string>>): boolean {
  if (condition === undefined) return true;
  // Condition keys are case-insensitive.
  const present = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const results = Object.entries(condition as Record<string, Record<string, Strings>>).flatMap(
    ([name, keys]) =>
      Object.entries(keys).map(([key, texts]) =>
        conditionHolds(name, stringsOf(texts).map(literal), present.get(key.toLowerCase())),
      ),
  );
  return results.every(Boolean);
}

function conditionHolds(
  name: string,
  policy: readonly string[],
  value: string | undefined,
): boolean {
  if (name === 'Null') return policy.includes(String(value === undefined));
  const ifExists = name.endsWith('IfExists');
  const base = ifExists ? name.slice(0, -'IfExists'.length) : name;
  const operator = operators[base];
  if (operator === undefined) throw new UnknownPolicyElementError(`condition operator ${name}`);
  // An absent key satisfies only negated operators and IfExists.
  if (value === undefined) return ifExists || negated.test(base);
  return operator(policy, value);
}

/** Compares the six parts of an ARN one by one, so that a wildcard does not match a colon, except in the last part. */
function arnLike(pattern: string, arn: string): boolean {
  const [parts, wanted] = [arnParts(arn), arnParts(pattern)];
  return wanted.every((part, index) => matchesWildcard(part, parts[index] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
