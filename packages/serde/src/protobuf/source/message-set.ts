import { isTrue } from './is-true.ts';
import type { MessageSource } from './source-file.ts';

// As protoc: the end of a range, exclusive, is an integer of 32 bits.
export const maxMessageSetNumber = 2 ** 31 - 2;

/** Whether a message has no fields, but extensions in the wire format of message sets, whose numbers can be greater. */
export function isMessageSet(message: Pick<MessageSource, 'options'>): boolean {
  return isTrue(message, 'message_set_wire_format');
}
