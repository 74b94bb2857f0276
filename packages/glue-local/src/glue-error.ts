/** The error types of the Glue Schema Registry API that a client can meet here, and AWS JSON's own. */
export type GlueErrorType =
  | 'AlreadyExistsException'
  | 'EntityNotFoundException'
  | 'InvalidInputException'
  | 'ResourceNumberLimitExceededException'
  | 'SerializationException'
  | 'UnknownOperationException';

/** A refusal that goes to the client as it is: HTTP 400, `__type` and `Message`. */
export class GlueError extends Error {
  readonly type: GlueErrorType;

  constructor(type: GlueErrorType, message: string) {
    super(message);
    this.name = 'GlueError';
    this.type = type;
  }
}

export function invalidInput(message: string): GlueError {
  return new GlueError('InvalidInputException', message);
}
