import { join } from 'node:path';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import {
  ForeignError,
  type ForeignProcess,
  startForeignProcess,
} from '../conformance/foreign-process.ts';
import { fetchPython, pythonFolder } from './python.ts';
import { RefusedError, type RegistryClient } from './registry-client.ts';

/** boto3 in a process of its own, with the registry named by an environment variable. */
export async function startBoto3Client(endpoint: string): Promise<RegistryClient> {
  const python: ForeignProcess = await startBoto3(endpoint);
  const call = async (request: object): Promise<never> => {
    try {
      return withNumbers(await python.call(request)) as never;
    } catch (error) {
      throw seenError(error);
    }
  };
  return {
    call: (operation, input) => call({ operation, input }),
    async list(operation, input, pageSize) {
      const { rows }: { rows: object[] } = await call({ operation, input, pageSize });
      return rows;
    },
    errorText: pythonErrorText,
    close: () => python.close(),
  };
}

/** Starts python/boto3_client.py. */
export async function startBoto3(endpoint: string): Promise<ForeignProcess> {
  const program = join(pythonFolder, 'boto3_client.py');
  return startForeignProcess(await fetchPython(), ['-I', '-B', program], {
    PATH: process.env.PATH,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...glueEnvironment({ endpoint }),
  });
}

/** botocore's text of a refused request, also that of the AWS CLI. */
export function pythonErrorText(operation: string, type: string, message: string): string {
  return `An error occurred (${type}) when calling the ${operation} operation: ${message}`;
}

/** The program answers with the exception's class, and its text after a colon. */
function seenError(error: unknown): unknown {
  if (!(error instanceof ForeignError)) return error;
  const [, type = '', text = ''] = /^(\w+): (.*)$/s.exec(error.message) ?? [];
  return new RefusedError(type, text);
}

/** Answers of a foreign process have bigints for integers. */
function withNumbers(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? Number(item) : item)),
  );
}
