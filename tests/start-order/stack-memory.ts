import type { ComposeStack } from '../compose/compose-stack.ts';

/** Memory of each service in MiB, as `docker stats` counts it, without reclaimable cache. */
export async function stackMemory(stack: ComposeStack): Promise<Record<string, number>> {
  const ids = (await stack.compose('ps', '--quiet')).trim().split('\n');
  const lines = await stack.docker('stats', '--no-stream', '--format', '{{json .}}', ...ids);
  const seen: Record<string, number> = {};
  for (const line of lines.trim().split('\n')) {
    const { Name, MemUsage } = JSON.parse(line) as { Name: string; MemUsage: string };
    const service = Name.slice(stack.project.length + 1).replace(/-\d+$/, '');
    seen[service] = (seen[service] ?? 0) + mebibytes(MemUsage);
  }
  return seen;
}

export function formatMemory(memory: Record<string, number>): string {
  const sum = (services: string[]) =>
    services.reduce((total, service) => total + (memory[service] ?? 0), 0).toFixed(0);
  const least = ['kafka', 'producer', 'consumer'];
  return [
    ...Object.entries(memory).map(
      ([service, used]) => `${used.toFixed(0).padStart(6)} MiB ${service}`,
    ),
    `${sum(Object.keys(memory)).padStart(6)} MiB in total`,
    `${sum(least).padStart(6)} MiB ${least.join(', ')} alone`,
  ].join('\n');
}

/** `123.4MiB / 512MiB` */
function mebibytes(usage: string): number {
  const [, amount, unit] = /^([\d.]+)([KMG])iB/.exec(usage) ?? [];
  if (amount === undefined) throw new Error(`unknown memory usage of docker stats: ${usage}`);
  return Number(amount) * { K: 1 / 1024, M: 1, G: 1024 }[unit as 'K' | 'M' | 'G'];
}
