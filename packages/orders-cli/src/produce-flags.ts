import { parseArguments, UsageError } from '@order-stream/command-line';

const shared = {
  shape: { type: 'string', default: 'orders' },
  count: { type: 'string' },
  for: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Flags that only one shape has. */
const own = {
  orders: {
    batch: { type: 'string' },
    concurrency: { type: 'string' },
    url: { type: 'string' },
  },
  datagen: {
    'throttle-ms': { type: 'string' },
    history: { type: 'string' },
    tasks: { type: 'string' },
    'customer-topic': { type: 'string' },
    'order-topic': { type: 'string' },
  },
} as const;

/**
 * The flags of `orders produce`, of which those of another shape are absent.
 *
 * @throws UsageError
 */
export function produceFlags(argv: string[]) {
  const { flags } = parseArguments(argv, { ...shared, ...own.orders, ...own.datagen });
  const { shape } = flags;
  if (shape !== 'orders' && shape !== 'datagen')
    throw new UsageError(`--shape must be orders or datagen, not '${shape}'`);
  const other = shape === 'orders' ? 'datagen' : 'orders';
  for (const flag of Object.keys(own[other]))
    if (flags[flag as keyof typeof flags] !== undefined)
      throw new UsageError(`--${flag} needs --shape ${other}`);
  if (flags.count !== undefined && flags.for !== undefined)
    throw new UsageError('--count and --for exclude each other');
  return { ...flags, shape } as const;
}
