/** One request as IAM sees it. */
export interface PolicyRequest {
  /** `kafka-cluster:Connect` */
  action: string;
  /** ARN, or `*` where the service names no resource. */
  resource: string;
  /** Condition keys, `aws:SourceAccount` and the like. */
  context?: Readonly<Record<string, string>>;
}

/** Default `implicit-deny`: what no statement allows is refused. */
export type PolicyDecision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** The policy uses something that this evaluator does not know, so its answer would mean nothing. */
export class UnknownPolicyElementError extends Error {
  readonly code = 'UNKNOWN_POLICY_ELEMENT';
  readonly retryable = false;
}

type Texts = string | readonly string[];
type Statement = Readonly<Record<string, unknown>>;

const statementElements = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

/**
 * Decides as IAM does for identity policies: an explicit Deny wins, then any Allow, else the implicit denial. Knows Action,
 * NotAction, Resource, NotResource, wildcards, and the string, ARN, Bool and Null conditions with IfExists.
 * Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
 *
 * @throws UnknownPolicyElementError for an element, operator or policy variable that it does not know
 */
export function evaluatePolicies(
  policies: readonly string[],
  request: PolicyRequest,
): PolicyDecision {
  const statements = policies.flatMap((policy) => statementsOf(policy));
  // Every statement is looked at: one that is not understood must not hide behind an earlier answer.
  const effects = statements.map((statement) =>
    matches(statement, request) ? statement.Effect : undefined,
  );
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allow' : 'implicit-deny';
}

/** The statements of a policy document; a single one may stand without its list. */
export function statementsOf(policy: string): Statement[] {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return Array.isArray(statements) ? statements : [statements];
}

/** A value that may be one text or a list of them, as a list. */
export function textsOf(value: unknown): readonly string[] {
  const texts = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
    throw new UnknownPolicyElementError(`not a text or a list of texts: ${JSON.stringify(value)}`);
  return texts;
}

function matches(statement: Statement, request: PolicyRequest): boolean {
  for (const element of Object.keys(statement))
    if (!statementElements.has(element)) throw new UnknownPolicyElementError(element);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw new UnknownPolicyElementError(`Effect ${String(statement.Effect)}`);
  // Evaluated apart, so that an unknown part throws whatever the others say.
  const action = listed(statement, 'Action', (pattern) =>
    wildcard(pattern.toLowerCase(), request.action.toLowerCase()),
  );
  const resource = listed(statement, 'Resource', (pattern) => wildcard(pattern, request.resource));
  const condition = conditionsHold(statement.Condition, request.context ?? {});
  return action && resource && condition;
}

/** Does `Action` list it, or does `NotAction` not? Likewise Resource. */
function listed(
  statement: Statement,
  element: 'Action' | 'Resource',
  fits: (pattern: string) => boolean,
): boolean {
  const [positive, negative] = [statement[element], statement[`Not${element}`]];
  if ((positive === undefined) === (negative === undefined))
    throw new UnknownPolicyElementError(`either ${element} or Not${element}`);
  return positive === undefined
    ? !textsOf(negative).some((text) => fits(literal(text)))
    : textsOf(positive).some((text) => fits(literal(text)));
}

/** `*` is any text and `?` any character, over slashes and colons too. */
function wildcard(pattern: string, text: string): boolean {
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
  StringLike: (policy, value) => policy.some((text) => wildcard(text, value)),
  StringNotLike: (policy, value) => !policy.some((text) => wildcard(text, value)),
  ArnEquals: (policy, value) => policy.some((text) => arnLike(text, value)),
  ArnLike: (policy, value) => policy.some((text) => arnLike(text, value)),
  ArnNotLike: (policy, value) => !policy.some((text) => arnLike(text, value)),
  Bool: (policy, value) => policy.some((text) => text.toLowerCase() === value.toLowerCase()),
};
const negated = /^(StringNot|ArnNot)/;

function conditionsHold(condition: unknown, context: Readonly<Record<string, string>>): boolean {
  if (condition === undefined) return true;
  // Keys are compared without case.
  const present = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const answers = Object.entries(condition as Record<string, Record<string, Texts>>).flatMap(
    ([name, keys]) =>
      Object.entries(keys).map(([key, texts]) =>
        conditionHolds(name, textsOf(texts).map(literal), present.get(key.toLowerCase())),
      ),
  );
  return answers.every(Boolean);
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
  // A key that is absent satisfies a negated operator and IfExists, and nothing else.
  if (value === undefined) return ifExists || negated.test(base);
  return operator(policy, value);
}

/** Each of an ARN's six parts by itself: a wildcard does not reach over a colon, but in the last part. */
function arnLike(pattern: string, arn: string): boolean {
  const [parts, wanted] = [arnParts(arn), arnParts(pattern)];
  return wanted.every((part, index) => wildcard(part, parts[index] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
