import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Delivery } from '../../delivery.ts';
import {
  type Attributes,
  attributeName,
  emptyAttributes,
  type Members,
} from './attribute-value.ts';
import type { ChangeEnvelope } from './change-envelope.ts';
import { createDeletionKey, keyIdentity, keyProblem } from './item-key.ts';
import { ItemRejectedError } from './item-rejected.ts';
import { itemBytes, maxItemBytes } from './item-size.ts';
import { type SourcePosition, sourcePosition } from './source-position.ts';
import { isUnavailable } from './unavailable-value.ts';
import { createValuePath, MisfitError } from './value-path.ts';
import { createValueReaders } from './value-reader.ts';
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
  /** JSON pointer into the record key of a deletion. */
  tombstoneKey: string;
  /** What a deletion of Debezium does: a row marked by `__deleted`, or an envelope with `op: d`. */
  tombstones: 'ignore' | 'delete' | 'dlq';
}

const deletionMark = '__deleted';
const reservedNames: ReadonlySet<string> = new Set(positionAttributes);

/**
 * Makes the change of an item from each delivery; `undefined` for a deletion that is ignored. Of an envelope of Debezium, the item is
 * the row.
 *
 * @throws ItemRejectedError DynamoDB would never take the item
 */
export function createItemChanges({ key: keyName, tombstoneKey, tombstones }: ItemChangeOptions) {
  const keyInRecordKey = createDeletionKey(tombstoneKey);
  const readerOf = createValueReaders();
  const path = createValuePath();
  /** JSON pointer to the row within the value. */
  let row = '';

  function changeOf(delivery: Delivery, topic: string, partition: number): ItemChange | undefined {
    const { record, value, schema } = delivery;
    const position = sourcePosition(record, topic, partition);
    if (schema === undefined) return deletion(keyInRecordKey(delivery), position);
    row = '';
    try {
      const { envelopeOf, membersOf, hasPlaceholders } = readerOf(schema);
      const envelope = envelopeOf?.(value);
      if (envelope !== undefined) return changeOfEnvelope(envelope, delivery, position);
      const members = membersOf(value);
      if (isMarkedDeleted(members)) {
        if (isIgnored(deletionMark)) return undefined;
        return deletion(keyOf(members), position);
      }
      return write(members, hasPlaceholders, position);
    } catch (error) {
      const pointer = `${row}${path.end(schema.definition)}`;
      if (!(error instanceof MisfitError)) throw error;
      const place = pointer === '' ? 'the value' : pointer;
      const { versionId: schemaVersionId } = schema;
      throw new ItemRejectedError(`${place}: ${error.message}`, { schemaVersionId });
    }
  }

  function changeOfEnvelope(
    { op, row: rowOf }: ChangeEnvelope,
    delivery: Delivery,
    position: SourcePosition,
  ): ItemChange | undefined {
    switch (op) {
      case 'c':
      case 'u':
      case 'r': {
        row = '/after';
        const members = rowOf('after');
        if (members === undefined) throw new MisfitError('expected a row, got null');
        return write(members, true, position);
      }
      case 'd': {
        if (isIgnored('op')) return undefined;
        const before = rowOf('before');
        // PostgreSQL sends only the columns of the table's REPLICA IDENTITY. The others are null.
        const key = before && keyAttribute(before);
        if (before === undefined || key === undefined || key.NULL)
          return deletion(keyInRecordKey(delivery), position);
        row = '/before';
        return deletion(keyOf(before), position);
      }
      default:
        path.enter('op');
        throw new MisfitError(`expected the change of a row, got ${otherOperation(op)}`);
    }
  }

  /** Whether a deletion is passed by. */
  function isIgnored(mark: string): boolean {
    if (tombstones !== 'dlq') return tombstones === 'ignore';
    path.enter(mark);
    throw new MisfitError('the record is a deletion, and TOMBSTONES is dlq');
  }

  function isMarkedDeleted({ values, convert }: Members): boolean {
    if (!Object.hasOwn(values, deletionMark)) return false;
    path.enter(deletionMark);
    const mark = convert(deletionMark, path);
    path.leave();
    return mark.S === 'true' || mark.BOOL === true;
  }

  function keyAttribute({ values, convert }: Members): AttributeValue | undefined {
    return Object.hasOwn(values, keyName) ? convert(keyName, path) : undefined;
  }

  /** @throws MisfitError the value has no usable key */
  function keyOf(members: Members): AttributeValue {
    path.enter(keyName);
    const key = keyAttribute(members);
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

  function write(
    { values, namesAreContent, convert }: Members,
    hasPlaceholders: boolean,
    position: SourcePosition,
  ): ItemChange {
    const item = emptyAttributes();
    for (const name of Object.keys(values)) {
      if (values[name] === undefined) continue;
      path.enter(name, namesAreContent && name !== keyName && !reservedNames.has(name));
      if (reservedNames.has(name))
        throw new MisfitError(
          'expected another name: this attribute holds where the record is from',
        );
      // An item is written whole, so the placeholder would replace the good value.
      if (hasPlaceholders && isUnavailable(values[name]))
        throw new MisfitError(
          'Debezium has no value, because the update left a TOAST column as it is; set REPLICA IDENTITY FULL, or use its ReselectColumnsPostProcessor',
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

function otherOperation(op: unknown): string {
  if (op === 't') return 'the truncation of a table, which does not say which items to delete';
  if (op === 'm') return 'a message of the database';
  return 'another operation';
}
