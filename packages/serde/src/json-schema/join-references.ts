import { keysOf, memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { eachUsedSchema } from './each-used-schema.ts';
import { documentsUnder, parseReferences, type Referred } from './read-references.ts';
import { createResolver, type ResolveReference, withoutTarget } from './resolve-reference.ts';
import { memberOf, type Place, rootOf, type SchemaDocument } from './schema-place.ts';

/** The member of a joined definition that holds the documents by name. */
export const referencesKeyword = '$references';

/** A definition with what it refers to, as one schema. */
export interface JoinedSchema {
  readonly schema: unknown;
  /** The drafts under which every reference that is used has a target. */
  readonly drafts: readonly Draft[];
}

/** A definition as one of the drafts that it may have. */
interface Reading {
  readonly draft: Draft;
  readonly documents: readonly SchemaDocument[];
  readonly resolve: ResolveReference;
}

/**
 * One schema of a definition and the documents that it refers to, which become members of the keyword `$references`, by
 * name. Every `$ref` that is used and has a target becomes the JSON pointer of its target. Changes the definition.
 *
 * @param drafts that the definition may have
 * @param check called for every schema that is used, under each draft; throws if it is invalid
 * @throws InvalidSchemaError under each draft, a reference that is used has no target
 */
export function joinReferences(
  definition: unknown,
  references: readonly Referred[],
  drafts: readonly Draft[],
  check: (place: Place) => void,
): JoinedSchema {
  const parsed = parseReferences(references);
  const readings = drafts.map((draft): Reading => {
    const whole = { root: definition, draft, uri: '' };
    const others = documentsUnder(whole, parsed);
    return { draft, documents: [whole, ...others], resolve: createResolver(whole, others) };
  });

  const pointers = new Map<Keywords, string>();
  const faults = new Map<Reading, Error>();
  for (const reading of readings) {
    const resolve: ResolveReference = (from, reference) => {
      const target = targetOf(from, reference, reading);
      const isRef = isObject(from.node) && from.node.$ref === reference;
      if (target && isRef) pointers.set(from.node as Keywords, pointerTo(target));
      if (!target && isRef && !faults.has(reading))
        faults.set(reading, withoutTarget(from, '$ref'));
      return target;
    };
    const root = rootOf(reading.documents[0] as SchemaDocument);
    eachUsedSchema(root, resolve, (_, place) => {
      if (reading === readings[0]) check(place);
    });
  }
  const usable = readings.filter((reading) => !faults.has(reading)).map(({ draft }) => draft);
  const [fault] = faults.values();
  if (fault && usable.length === 0) throw fault;
  for (const [schema, pointer] of pointers) Object.assign(schema, { $ref: pointer });
  const used = parsed.filter(({ root }) => root !== undefined);
  if (!isObject(definition) || used.length === 0) return { schema: definition, drafts: usable };
  const members = Object.fromEntries(used.map(({ name, root }) => [name, root]));
  return { schema: { ...definition, [referencesKeyword]: members }, drafts: usable };

  function targetOf(from: Place, reference: string, reading: Reading): Place | undefined {
    const found = [reading, ...readings].flatMap((one) => {
      return one.resolve(samePlaceIn(one, from), reference) ?? [];
    });
    // Java takes an anchor that a draft does not know for the whole document, so the other draft decides first.
    return found.find(({ node, document }) => node !== document.root) ?? found[0];
  }
}

function samePlaceIn({ documents }: Reading, place: Place): Place {
  const { document, pointer } = place;
  if (documents.includes(document)) return place;
  const other = documents.find(({ name }) => name === document.name);
  return other
    ? keysOf(pointer).reduce((at, key) => memberOf(at, key) ?? at, rootOf(other))
    : place;
}

/** A fragment that is read alike in every draft: each key percent-encoded. */
function pointerTo({ document: { name }, pointer }: Place): string {
  const inside = name === undefined ? [] : [referencesKeyword, name];
  const steps = [...inside, ...keysOf(pointer)].map((key) => memberPointer('', key).slice(1));
  return `#${steps.map((step) => `/${encodeURIComponent(step)}`).join('')}`;
}
