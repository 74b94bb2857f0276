export const apicurioImage = 'apicurio/apicurio-registry:3.3.3';

export interface ApicurioRequest {
  method: string;
  path: string;
  status: number;
}

export type Apicurio = Awaited<ReturnType<typeof startApicurio>>;

/** Starts a registry for one test, in memory, in a container. Requires a Docker daemon. */
export async function startApicurio() {
  const { GenericContainer, Wait } = await import('testcontainers');
  const requests: ApicurioRequest[] = [];
  let rest = '';
  const container = await new GenericContainer(apicurioImage)
    .withExposedPorts(8080)
    .withEnvironment({ QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'true' })
    .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/schemas/types', 8080))
    .withStartupTimeout(180_000)
    .withLogConsumer((log) =>
      log.on('data', (chunk: Buffer) => {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [, method, path, status] =
            /registry\.access method="(\w+)" path="([^"]+)" response_code="(\d+)"/.exec(line) ?? [];
          if (method && path) requests.push({ method, path, status: Number(status) });
        }
      }),
    )
    .start();
  return {
    /** The URL without a base path. */
    url: `http://${container.getHost()}:${container.getMappedPort(8080)}`,
    /** The requests and answers in the registry's log so far. */
    requests: () => [...requests],
    stop: async () => void (await container.stop()),
  };
}
