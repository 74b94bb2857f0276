/** The access key id of a SigV4 `Authorization` header: of `Credential=<id>/<date>/<region>/glue/aws4_request`. */
export function accessKeyIdOf(authorization: string | undefined): string | undefined {
  return /^AWS4-\S+ .*?\bCredential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
}
