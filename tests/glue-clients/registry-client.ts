import type * as glue from '@aws-sdk/client-glue';
import type { Operation } from '../../packages/glue-local/src/request.ts';

type CommandOf<Name extends Operation> = InstanceType<(typeof glue)[`${Name}Command`]>;

/** The request of an operation, as AWS's SDK for JavaScript types it. */
export type Input<Name extends Operation> = CommandOf<Name>['input'];

/** The answer to an operation, as AWS's SDK for JavaScript types it. Times are text where a client prints JSON. */
export type Output<Name extends Operation> = Awaited<
  ReturnType<ReturnType<CommandOf<Name>['resolveMiddleware']>>
>['output'];

/** The operations that each client lists by a paginator of its own. */
export type ListOperation = 'ListRegistries' | 'ListSchemas' | 'ListSchemaVersions';

/** A client of AWS, which calls one registry. */
export interface RegistryClient {
  /** @throws RefusedError the registry refused the request */
  call<Name extends Operation>(operation: Name, input: Input<Name>): Promise<Output<Name>>;
  /** All rows, page by page. */
  list<Name extends ListOperation>(
    operation: Name,
    input: Input<Name>,
    pageSize: number,
  ): Promise<object[]>;
  /** The text of the client's error for a refused request. */
  errorText(operation: Operation, type: string, message: string): string;
  close(): Promise<void> | void;
}

/** The registry refused the request. The message is the text that users of the client see. */
export class RefusedError extends Error {
  /** The exception's class, where the client has one, or its code. */
  readonly type: string;

  constructor(type: string, text: string) {
    super(text);
    this.type = type;
  }
}

/** The list of rows in an answer. */
export function rowsOf(answer: object): object[] {
  return Object.values(answer).find(Array.isArray) ?? [];
}
