import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Delivery, WriterSchema } from '../../delivery.ts';
import {
  type Attributes,
  attributeName,
  compileAvroMembers,
  emptyAttributes,
  type Members,
  type MembersOf,
  untypedMembers,
} from './attribute-value.ts';
import { createTombstoneKey, keyIdentity, keyProblem } from './item-key.ts';
import { ItemRejectedError } from './item-rejected.ts';
import { itemBytes, maxItemBytes } from './item-size.ts';
import { type SourcePosition, sourcePosition } from './source-position.ts';
import { createValuePath, MisfitError } from './value-path.ts';
import { positionAttributes, positionValues } from './write-condition.ts';

/** What a record does to one item. */
export interface ItemChange {
  /** The same for all changes of one item. */
  readonly identity: string;
  readonly key: Attributes;
  /** The whole item; undefined: the item is deleted. */
  readonly item: Attributes | undefined;
  /** The size of the item, 0 for a deletion. */
  readonly bytes: number;
  readonly position: SourcePosition;
}

export interface ItemChangeOptions {
  /** Name of the table's key attribute, and of the field that has its value. */
  key: string;
  /** JSON pointer into the record key of a tombstone. */
  tombstoneKey: string;
  /** What a record does that Debezium marked as deleted (`__deleted`). */
  tombstones: 'ignore' | 'delete' | 'dlq';
}

const deletionMark = '__deleted';
const reservedNames: ReadonlySet<string> = new Set(positionAttributes);

/**
 * Makes the change of an item from each delivery; `undefined` for a deletion that is ignored.
 *
 * @throws ItemRejectedError DynamoDB would never take the item
 */
export function createItemChanges({ key: keyName, tombstoneKey, tombstones }: ItemChangeOptions) {
  const keyOfTombstone = createTombstoneKey(tombstoneKey);
  const membersOf = createMembersOf();
  const path = createValuePath();

  function changeOf(delivery: Delivery, topic: string, partition: number): ItemChange | undefined {
    const { record, value, schema } = delivery;
    const position = sourcePosition(record, topic, partition);
    if (schema === undefined) return deletion(keyOfTombstone(delivery), position);
    try {
      const members = membersOf(schema)(value);
      if (isMarkedDeleted(members)) {
        if (tombstones === 'ignore') return undefined;
        path.enter(deletionMark);
        if (tombstones === 'dlq')
          throw new MisfitError('the record is a deletion, and TOMBSTONES is dlq');
        path.leave();
        return deletion(keyOf(members), position);
      }
      return write(members, position);
    } catch (error) {
      const pointer = path.end(schema.definition);
      if (!(error instanceof MisfitError)) throw error;
      const place = pointer === '' ? 'the value' : pointer;
      const { versionId: schemaVersionId } = schema;
      throw new ItemRejectedError(`${place}: ${error.message}`, { schemaVersionId });
    }
  }

  function isMarkedDeleted({ values, convert }: Members): boolean {
    if (!Object.hasOwn(values, deletionMark)) return false;
    path.enter(deletionMark);
    const mark = convert(deletionMark, path);
    path.leave();
    return mark.S === 'true' || mark.BOOL === true;
  }

  /** @throws MisfitError the value has no usable key */
  function keyOf({ values, convert }: Members): AttributeValue {
    path.enter(keyName);
    const key = Object.hasOwn(values, keyName) ? convert(keyName, path) : undefined;
    checkKey(key);
    path.leave();
    return key as AttributeValue;
  }

  function checkKey(key: AttributeValue | undefined): void {
    const problem = keyProblem(key);
    if (problem !== undefined) throw new MisfitError(problem);
  }

  function deletion(key: AttributeValue, position: SourcePosition): ItemChange {
    const identity = keyIdentity(key);
    return { identity, key: { [keyName]: key }, item: undefined, bytes: 0, position };
  }

  function write({ values, namesAreContent, convert }: Members, position: SourcePosition) {
    const item = emptyAttributes();
    for (const name of Object.keys(values)) {
      if (values[name] === undefined) continue;
      path.enter(name, namesAreContent && name !== keyName && !reservedNames.has(name));
      if (reservedNames.has(name))
        throw new MisfitError(
          'expected another name: this attribute holds where the record is from',
        );
      item[attributeName(name)] = convert(name, path);
      path.leave();
    }
    const key = item[keyName];
    if (keyProblem(key) !== undefined) {
      path.enter(keyName);
      checkKey(key);
    }
    Object.assign(item, positionValues(position));
    const bytes = itemBytes(item);
    if (bytes > maxItemBytes)
      throw new MisfitError(`expected an item of at most ${maxItemBytes} bytes, got ${bytes}`);
    const identity = keyIdentity(key as AttributeValue);
    return { identity, key: { [keyName]: key as AttributeValue }, item, bytes, position };
  }

  return changeOf;
}

function createMembersOf(): (schema: WriterSchema) => MembersOf {
  // A registry returns the same schema object for every record of a version.
  const compiled = new WeakMap<WriterSchema, MembersOf>();
  return (schema) => {
    let membersOf = compiled.get(schema);
    if (membersOf === undefined) {
      membersOf =
        schema.dataFormat === 'AVRO'
          ? compileAvroMembers(schema.definition, schema.references)
          : untypedMembers;
      compiled.set(schema, membersOf);
    }
    return membersOf;
  };
}
