import { InvalidSchemaError } from '../errors.ts';
import type { MessageType } from './proto-file.ts';

/** Rejects the type of a record that is a group or has one. Only types of options can have groups. */
export function rejectGroup({ fullName, hasGroup }: MessageType): void {
  if (hasGroup) throw new InvalidSchemaError(`${fullName} has a group, which records cannot have`);
}
