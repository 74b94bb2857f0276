import { isPlainObject, type OptionShape, oneOf } from '../option-checks.ts';
import type { LogicalTypes } from './logical-types.ts';

const logicalTypes: Record<keyof LogicalTypes, OptionShape> = {
  date: oneOf('underlying', 'Date', 'string'),
  time: oneOf('underlying', 'string'),
  timestamp: oneOf('underlying', 'bigint', 'Date', 'string'),
  localTimestamp: oneOf('underlying', 'bigint', 'string'),
  decimal: oneOf('underlying', 'string', 'bigint'),
  uuid: oneOf('underlying', 'string'),
  duration: oneOf('underlying', 'object'),
};

/** The options of a representation. */
export const representationShapes = {
  unions: oneOf('auto', 'tagged'),
  logicalTypes: {
    expected: `an object with ${Object.entries(logicalTypes)
      .map(([name, { expected }]) => `${name}: ${expected}`)
      .join(', ')}`,
    accepts: (value: unknown) =>
      isPlainObject(value) &&
      Object.entries(value).every(
        ([name, one]) =>
          Object.hasOwn(logicalTypes, name) &&
          (one === undefined || logicalTypes[name as keyof LogicalTypes].accepts(one)),
      ),
  },
};
