// Visible ASCII without the comma, which ends `Credential=` in the header.
const characters = '[!-+\\--~]';

/** Whether a call can be signed with this access key id: AWS's have at most 128 characters. */
export function isAccessKeyId(text: string): boolean {
  return new RegExp(`^${characters}{1,128}$`).test(text);
}

const credential = new RegExp(`^AWS4-\\S+ .*?\\bCredential=(${characters}+?)/\\d{8}/`);

/** The access key id of a SigV4 `Authorization` header: of `Credential=<id>/<date>/<region>/glue/aws4_request`. */
export function accessKeyIdOf(authorization: string | undefined): string | undefined {
  return credential.exec(authorization ?? '')?.[1];
}
