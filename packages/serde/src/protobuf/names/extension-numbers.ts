import { InvalidSchemaError } from '../../errors.ts';
import { rejectNumber } from '../declared-numbers.ts';
import { isMessageSet, maxMessageSetNumber } from '../source/message-set.ts';
import { maxNumber } from '../source/parse-reserved.ts';
import type { FieldSource, MessageSource } from '../source/source-file.ts';

/**
 * Collects the fields that files add to messages, and rejects what protoc and Java reject: a number that is out of range or
 * used twice in one message, and a required extension. `checks/field-rules.ts` checks the ranges of `extensions`.
 */
export function createExtensionNumbers() {
  const usedIn = new Map<MessageSource, Set<number>>();

  return {
    /**
     * @param fullName of the extension
     * @throws InvalidSchemaError
     */
    add(fullName: string, extended: MessageSource, { number, label, line }: FieldSource): void {
      rejectNumber(fullName, number, isMessageSet(extended) ? maxMessageSetNumber : maxNumber);
      if (label === 'required') {
        throw new InvalidSchemaError(`line ${line}: ${fullName}: an extension cannot be required`);
      }
      const used = usedIn.get(extended) ?? new Set(extended.fields.map((field) => field.number));
      usedIn.set(extended, used);
      if (used.has(number)) {
        throw new InvalidSchemaError(
          `line ${line}: ${fullName}: ${extended.name} has the number ${number} twice`,
        );
      }
      used.add(number);
    },
  };
}
