import type { GlueClientConfig } from '@aws-sdk/client-glue';

/** Credentials of a role, asked for at the first call, and again in time before they expire. */
export function assumedRole(options: {
  roleArn: string;
  region?: string | undefined;
  /** Of whoever takes the role on. Default: the AWS SDK's credential chain. */
  credentials?: GlueClientConfig['credentials'];
}): NonNullable<GlueClientConfig['credentials']> {
  return async (context) => {
    // Loaded by those alone who assume a role: the SDK's module of every way to credentials is a big one.
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const provide = fromTemporaryCredentials({
      params: { RoleArn: options.roleArn, RoleSessionName: 'order-stream-registry' },
      ...(options.region !== undefined && { clientConfig: { region: options.region } }),
      ...(options.credentials !== undefined && { masterCredentials: options.credentials }),
    });
    return await provide(context);
  };
}
