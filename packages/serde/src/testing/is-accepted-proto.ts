import assert from 'node:assert/strict';
import { parseProto } from '../protobuf/parse-proto.ts';

/** Whether the parser takes a .proto file. Any error but that of an invalid definition fails the test. */
export function isAcceptedProto(definition: string): boolean {
  try {
    parseProto(definition);
    return true;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'invalid-schema', definition);
    return false;
  }
}
