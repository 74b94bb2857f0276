import assert from 'node:assert/strict';
import * as glue from '@aws-sdk/client-glue';
import { RefusedError, type RegistryClient, rowsOf } from './registry-client.ts';

type AnyCommand = Parameters<glue.GlueClient['send']>[0];
type AnyPaginator = (
  settings: { client: glue.GlueClient; pageSize: number },
  input: object,
) => AsyncIterable<object>;

/** AWS's SDK for JavaScript, with the registry named by an environment variable as a deployed service has it. */
export function startSdkClient(endpoint: string): RegistryClient {
  process.env.AWS_ENDPOINT_URL_GLUE = endpoint;
  const client = new glue.GlueClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    async call(operation, input) {
      const Command = Reflect.get(glue, `${operation}Command`) as new (input: object) => AnyCommand;
      try {
        const { $metadata, ...answer } = await client.send(new Command(input));
        assert.equal($metadata.httpStatusCode, 200);
        return answer as never;
      } catch (error) {
        throw seenError(error);
      }
    },
    async list(operation, input, pageSize) {
      const paginate = Reflect.get(glue, `paginate${operation}`) as AnyPaginator;
      const rows: object[] = [];
      for await (const page of paginate({ client, pageSize }, input)) rows.push(...rowsOf(page));
      return rows;
    },
    errorText: (_operation, _type, message) => message,
    close: () => client.destroy(),
  };
}

/** The class of the error decides in a `catch`: `error instanceof EntityNotFoundException`. */
function seenError(error: unknown): unknown {
  if (!(error instanceof glue.GlueServiceException)) return error;
  const expected = Reflect.get(glue, error.name) as new (...args: never[]) => Error;
  assert.ok(error instanceof expected, `${error.name} is not of the class of its name`);
  return new RefusedError(error.name, error.message);
}
