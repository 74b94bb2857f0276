type Members = Readonly<Record<string, unknown>>;
type Shape = (value: unknown) => boolean;

/** The keywords of the drafts 04 to 2020-12 that shape values or name schemas, with the values that they can have. */
const shapes = new Map<string, Shape>([
  ...all(isText, '$ref $id $anchor $dynamicRef $dynamicAnchor $recursiveRef'),
  ...all(isText, 'format contentEncoding contentMediaType'),
  ...all(isPattern, 'pattern'),
  ...all(isBoolean, '$recursiveAnchor uniqueItems'),
  ...all(isObject, '$vocabulary'),
  ...all(isNumber, 'minimum maximum multipleOf minLength maxLength minItems maxItems'),
  ...all(isNumber, 'minProperties maxProperties minContains maxContains'),
  ...all((value) => isNumber(value) || isBoolean(value), 'exclusiveMinimum exclusiveMaximum'),
  ...all(isType, 'type'),
  ...all((value) => isList(value) && value.length > 0, 'enum'),
  ...all(() => true, 'const'),
  ...all(isTexts, 'required'),
  ...all(isMapOf(isTexts), 'dependentRequired'),
  ...all(isMapOf(isSubschema), '$defs definitions patternProperties dependentSchemas'),
  ...all(isProperties, 'properties'),
  ...all(isDependencies, 'dependencies'),
  ...all(isSubschema, 'additionalProperties additionalItems propertyNames contentSchema'),
  ...all(isSubschema, 'unevaluatedProperties unevaluatedItems'),
  ...all(isListOf(isSubschema), 'allOf anyOf oneOf prefixItems'),
  ...all((value) => isLikeSchema(value) || isListOf(isLikeSchema)(value), 'items'),
  ...all((value) => isLikeSchema(value) || isBoolean(value), 'contains not if then else'),
]);

// Data and configuration have these words too: they count only where all members are those of a schema.
const commonWords = new Set(
  'format pattern minimum maximum required enum const items contains not if then else'.split(' '),
);
const annotations = new Set(
  'title description default example examples id $comment readOnly writeOnly deprecated'.split(' '),
);

/** Whether an object has a keyword of JSON Schema with a value of the right shape. */
export function hasKeyword(node: Members): boolean {
  const names = Object.keys(node);
  const found = names.filter((name) => shapes.get(name)?.(node[name]));
  if (found.some((name) => !commonWords.has(name))) return true;
  return found.length > 0 && names.every(isMemberOfSchemas);
}

function isMemberOfSchemas(name: string): boolean {
  return shapes.has(name) || annotations.has(name) || name.startsWith('x-');
}

function isLikeSchema(value: unknown): boolean {
  return isObject(value) && (Object.keys(value).length === 0 || hasKeyword(value));
}

/** In other files, the members of `properties` are mostly plain values, or objects without any keyword. */
function isProperties(value: unknown): boolean {
  if (!isMapOf(isSubschema)(value)) return false;
  const schemas = Object.values(value as Members);
  return (
    schemas.length === 0 ||
    schemas.some((schema) => {
      if (!isObject(schema)) return true;
      return hasKeyword(schema) || Object.keys(schema).every(isMemberOfSchemas);
    })
  );
}

/** The `dependencies` of package.json are texts, or an empty object. */
function isDependencies(value: unknown): boolean {
  const isDependency = (member: unknown) => isTexts(member) || isLikeSchema(member);
  return isMapOf(isDependency)(value) && Object.keys(value as Members).length > 0;
}

// A glob that begins with `*` or has `**` is not a regular expression.
function isPattern(value: unknown): boolean {
  return isText(value) && !/^\*|(?<!\\)\*\*/.test(value);
}

function isType(value: unknown): boolean {
  const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
  return [value].flat().some((type) => types.includes(type as string));
}

function isSubschema(value: unknown): boolean {
  return isBoolean(value) || isObject(value);
}

function isTexts(value: unknown): boolean {
  return isListOf(isText)(value);
}

function isMapOf(shape: Shape): Shape {
  return (value) => isObject(value) && Object.values(value).every(shape);
}

function isListOf(shape: Shape): Shape {
  return (value) => isList(value) && value.length > 0 && value.every(shape);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !isList(value);
}

function all(shape: Shape, names: string): [string, Shape][] {
  return names.split(' ').map((name) => [name, shape]);
}
