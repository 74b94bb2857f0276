import { isConditionFailure, withoutContent } from './failure.ts';
import type { ItemChange } from './item-change.ts';
import { writeCondition } from './write-condition.ts';

// Two attempts that time out, and the delay between them, must fit into the 5 s after which readiness has to be red.
const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 2_000;
/** Also includes credentials, which the SDK may request from STS or from the host without a limit of its own. */
const deadlineMs = 2_300;

/** DynamoDB did not answer in time. The write may be applied all the same; its condition makes a repetition harmless. */
export class TableTimeoutError extends Error {
  readonly code = 'table-timeout';
  readonly retryable = true;

  constructor() {
    super(`no answer within ${deadlineMs} ms, credentials included`);
    this.name = 'TableTimeoutError';
  }
}

export type TableClient = Awaited<ReturnType<typeof createTableClient>>;

/** Applies changes to the items of a table. Endpoint and credentials are what the AWS SDK finds in the environment. */
export async function createTableClient(options: {
  table: string;
  key: string;
  region: string | undefined;
  maxSockets: number;
}) {
  const { table, key, region, maxSockets } = options;
  // Loaded only by the sink: the SDK takes memory and time.
  const { DeleteItemCommand, DynamoDBClient, PutItemCommand } = await import(
    '@aws-sdk/client-dynamodb'
  );
  const client = new DynamoDBClient({
    ...(region !== undefined && { region }),
    // The caller repeats requests: it counts failures over all partitions and reports them.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
  });

  function request(change: ItemChange, abortSignal: AbortSignal): Promise<unknown> {
    const { item, position } = change;
    const condition = { TableName: table, ...writeCondition(position) };
    return item === undefined
      ? client.send(new DeleteItemCommand({ ...condition, Key: change.key }), { abortSignal })
      : client.send(new PutItemCommand({ ...condition, Item: item }), { abortSignal });
  }

  return {
    /**
     * Resolves when the table has the change, or a newer version of the item.
     *
     * @throws ItemRejectedError | TableKeyError | TableTimeoutError, or an error of the SDK
     */
    async apply(change: ItemChange, signal: AbortSignal): Promise<void> {
      const deadline = Promise.withResolvers<never>();
      // The SDK may still wait for credentials. It must not send the request then: a later version may be written by now.
      const late = new AbortController();
      const timer = setTimeout(() => {
        late.abort();
        deadline.reject(new TableTimeoutError());
      }, deadlineMs);
      try {
        const sending = request(change, AbortSignal.any([signal, late.signal]));
        await Promise.race([sending, deadline.promise]);
      } catch (error) {
        if (!isConditionFailure(error)) throw withoutContent(error, table, key);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => client.destroy(),
  };
}
