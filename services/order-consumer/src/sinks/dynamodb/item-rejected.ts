/** DynamoDB will never take the item of this record. The message names a field by its JSON pointer, and never its content. */
export class ItemRejectedError extends Error {
  readonly code = 'item-rejected';
  readonly retryable = false;
  /** A header of the dead letter. */
  readonly schemaVersionId: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & { schemaVersionId?: string | undefined } = {},
  ) {
    super(message, options);
    this.name = 'ItemRejectedError';
    this.schemaVersionId = options.schemaVersionId;
  }
}
