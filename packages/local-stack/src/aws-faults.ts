import type { HttpAnswer } from './aws-proxy.ts';

const json = (status: number, type: string, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
});

const xml = (status: number, code: string, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>proxy</RequestId></Error>`,
});

/** Answers of DynamoDB in its own form (AWS JSON 1.0). */
export const dynamodbFaults = {
  throttled: json(
    400,
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded.',
  ),
  limited: json(400, 'ThrottlingException', 'Rate of requests exceeds the allowed throughput.'),
  internal: json(500, 'InternalServerError', 'The request could not be processed.'),
  unavailable: json(503, 'ServiceUnavailable', 'The service is temporarily unavailable.'),
} as const;

/** Answers of S3 in its own form. */
export const s3Faults = {
  internal: xml(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  slowDown: xml(503, 'SlowDown', 'Please reduce your request rate.'),
  preconditionFailed: xml(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  ),
  conflict: xml(
    409,
    'ConditionalRequestConflict',
    'A conflicting conditional operation is currently in progress.',
  ),
} as const;
