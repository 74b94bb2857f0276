/** The operation of a request to an AWS API: `PutItem`, `UploadPart`, `AssumeRole`, … */
export function awsOperationOf(request: {
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}): string {
  const { method, url, headers, body } = request;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  const form = String(headers['content-type']).startsWith('application/x-www-form-urlencoded');
  if (form) return new URLSearchParams(body.toString()).get('Action') ?? 'unknown';
  return s3OperationOf(method, new URL(url, 'http://store'));
}

/** Path style: `/bucket/key`. */
function s3OperationOf(method: string, { pathname, searchParams }: URL): string {
  const isBucket = /^\/[^/]*\/?$/.test(pathname);
  const isOfUpload = searchParams.has('uploadId');
  switch (method) {
    case 'PUT':
      if (isBucket) return 'CreateBucket';
      return isOfUpload ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (searchParams.has('uploads')) return 'CreateMultipartUpload';
      if (isOfUpload) return 'CompleteMultipartUpload';
      return searchParams.has('delete') ? 'DeleteObjects' : 'unknown';
    case 'DELETE':
      if (isBucket) return 'DeleteBucket';
      return isOfUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'HEAD':
      return isBucket ? 'HeadBucket' : 'HeadObject';
    case 'GET':
      if (searchParams.has('uploads')) return 'ListMultipartUploads';
      if (isOfUpload) return 'ListParts';
      return isBucket ? 'ListObjectsV2' : 'GetObject';
    default:
      return 'unknown';
  }
}
