/** The error types that glue-local returns: of the Glue Schema Registry API and of AWS JSON. */
export type GlueErrorType =
  | 'AccessDeniedException'
  | 'AlreadyExistsException'
  | 'ConcurrentModificationException'
  | 'EntityNotFoundException'
  | 'InvalidInputException'
  | 'ResourceNumberLimitExceededException'
  | 'SerializationException'
  | 'ThrottlingException'
  | 'UnknownOperationException';

/** Returned to the client as it is: HTTP status, `__type` and `Message`. */
export class GlueError extends Error {
  readonly type: GlueErrorType;
  /** 400 unless the service model says otherwise. */
  readonly status: number;

  constructor(type: GlueErrorType, message: string, status = 400) {
    super(message);
    this.name = 'GlueError';
    this.type = type;
    this.status = status;
  }
}

/** Returned as InternalServiceException: a fault that was put in place. */
export class InternalFaultError extends Error {
  readonly status: number;

  constructor(status = 500) {
    super('Internal service failure (a fault of /_local/faults)');
    this.name = 'InternalFaultError';
    this.status = status;
  }
}

export function invalidInput(message: string): GlueError {
  return new GlueError('InvalidInputException', message);
}

/** The parameter is named at the end, as in AWS's own messages. */
export function invalidParameter(message: string, parameter: string): GlueError {
  return invalidInput(`${message} Parameter Name: ${parameter}`);
}
