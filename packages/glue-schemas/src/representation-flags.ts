import { UsageError } from '@order-stream/command-line';
import type { LogicalTypes, Representation } from '@order-stream/serde';

/** The flags that say how values are represented, as the options of `avroFormat` do. */
export const representationFlags = {
  unions: { type: 'string' },
  'logical-type': { type: 'string', multiple: true },
} as const;

export const representationHelp = `  --unions tagged          every union is tagged by its branch (default: where JavaScript cannot tell the branches apart)
  --logical-type KIND=AS   how a logical type is represented; repeatable (default: its underlying value)
                           date=Date|string, time=string, timestamp=bigint|Date|string, localTimestamp=bigint|string,
                           decimal=string|bigint, uuid=string, duration=object`;

const choices: { [Kind in keyof LogicalTypes]-?: readonly LogicalTypes[Kind][] } = {
  date: ['underlying', 'Date', 'string'],
  time: ['underlying', 'string'],
  timestamp: ['underlying', 'bigint', 'Date', 'string'],
  localTimestamp: ['underlying', 'bigint', 'string'],
  decimal: ['underlying', 'string', 'bigint'],
  uuid: ['underlying', 'string'],
  duration: ['underlying', 'object'],
};

/** @throws UsageError */
export function representationOf(flags: {
  readonly unions?: string | undefined;
  readonly 'logical-type'?: readonly string[] | undefined;
}): Representation {
  const { unions, 'logical-type': texts = [] } = flags;
  if (unions !== undefined && unions !== 'auto' && unions !== 'tagged')
    throw new UsageError(`--unions must be auto or tagged, not '${unions}'`);
  const logicalTypes: Record<string, string> = {};
  const chosen = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [kind, choice] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    const possible: readonly (string | undefined)[] | undefined = Object.hasOwn(choices, kind)
      ? choices[kind as keyof LogicalTypes]
      : undefined;
    if (possible === undefined)
      throw new UsageError(
        `--logical-type: expected one of ${Object.keys(choices).join(', ')}, got '${kind}'`,
      );
    if (!possible.includes(choice))
      throw new UsageError(
        `--logical-type ${kind}: expected one of ${possible.join(', ')}, got '${choice}'`,
      );
    const earlier = chosen.get(kind);
    if (earlier !== undefined && earlier !== choice)
      throw new UsageError(`--logical-type ${kind}: is both ${earlier} and ${choice}`);
    chosen.set(kind, choice);
    if (choice !== 'underlying') logicalTypes[kind] = choice;
  }
  return {
    ...(unions === 'tagged' && { unions }),
    ...(Object.keys(logicalTypes).length > 0 && { logicalTypes: logicalTypes as LogicalTypes }),
  };
}
