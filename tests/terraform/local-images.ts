import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { parse } from 'yaml';

/** A service of compose.yml: the fields that a task definition has too. */
export interface ComposeService {
  image: string;
  user: string;
  read_only: boolean;
  cap_drop: string[];
  command?: string[];
  stop_grace_period?: string;
  environment: Record<string, unknown>;
  healthcheck?: { test: string[] };
  ports?: string[];
}

/** Settings of a target of the Dockerfile. */
export interface ImageTarget {
  user: string;
  exposed: number[];
  /** The health check's command in exec form; absent if the target has none. */
  healthCheck?: string[];
}

/** compose.yml with its anchors merged and its variables at their defaults. */
export function composeServices(): Record<string, ComposeService> {
  const text = readFileSync(join(root, 'compose.yml'), 'utf8').replace(
    /\$\{\w+:-([^}]*)\}/g,
    (_, fallback: string) => fallback,
  );
  return (parse(text, { merge: true }) as { services: Record<string, ComposeService> }).services;
}

/** The environment of a service, as strings. */
export function environmentOf(service: ComposeService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, String(value)]),
  );
}

export function imageTarget(target: string): ImageTarget {
  const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const stage = stages.find((text) => text.split('\n')[0]?.endsWith(` AS ${target}`));
  const runtime = stages.find((text) => text.split('\n')[0]?.endsWith(' AS runtime'));
  if (stage === undefined || runtime === undefined)
    throw new Error(`docker/Dockerfile has no target ${target}`);
  const healthCheck = /^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(stage)?.[1];
  return {
    user: /^USER (\S+)$/m.exec(runtime)?.[1] ?? 'root',
    exposed: (/^EXPOSE (.+)$/m.exec(stage)?.[1] ?? '').split(' ').filter(Boolean).map(Number),
    ...(healthCheck !== undefined && { healthCheck: JSON.parse(healthCheck) as string[] }),
  };
}
