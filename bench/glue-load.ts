import { Agent, request } from 'node:http';

export type GlueLoad = ReturnType<typeof createGlueLoad>;

/** A client of the registry's API without an SDK, whose own time is small beside that of the server. */
export function createGlueLoad(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  function send(action: string, input: object): Promise<Buffer> {
    const body = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `AWSGlue.${action}`,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`${action}: ${response.statusCode} ${answer}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return {
    send,
    call: async (action: string, input: object) =>
      JSON.parse((await send(action, input)).toString()) as Record<string, never>,
    /** Runs all work, as many at once as there are connections. Returns how long each took, in ms, in order. */
    async run(count: number, work: (index: number) => Promise<unknown>): Promise<Float64Array> {
      const times = new Float64Array(count);
      let next = 0;
      const worker = async () => {
        while (next < count) {
          const index = next;
          next += 1;
          const startedAt = performance.now();
          await work(index);
          times[index] = performance.now() - startedAt;
        }
      };
      await Promise.all(Array.from({ length: connections }, worker));
      return times;
    },
    close: () => agent.destroy(),
  };
}

/** @param share 0.99 for the 99th percentile */
export function percentile(times: Float64Array, share: number): number {
  const sorted = times.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}
