import type { GlueClientConfig } from '@aws-sdk/client-glue';

/** Credentials of an assumed role, requested at the first call and refreshed before they expire. */
export function assumedRole(options: {
  roleArn: string;
  region?: string | undefined;
  /** Credentials that assume the role. Default: the AWS SDK's credential chain. */
  credentials?: GlueClientConfig['credentials'];
}): NonNullable<GlueClientConfig['credentials']> {
  return async (context) => {
    // Loaded only when a role is assumed: the module is large, because it contains every credential provider.
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const provide = fromTemporaryCredentials({
      params: { RoleArn: options.roleArn, RoleSessionName: 'order-stream-registry' },
      ...(options.region !== undefined && { clientConfig: { region: options.region } }),
      ...(options.credentials !== undefined && { masterCredentials: options.credentials }),
    });
    return await provide(context);
  };
}
