import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';

const source = join(root, 'docker/prometheus');

/**
 * Copies Prometheus's configuration to a new folder so that minutes pass as seconds and hours as minutes, in every window
 * and every `for`, and scrapes and evaluations come each second. Queries, thresholds and names stay what they are.
 */
export function hurriedPrometheus(): string {
  mkdirSync(stateFolder, { recursive: true });
  const folder = mkdtempSync(join(stateFolder, 'telemetry-'));
  mkdirSync(join(folder, 'rules'));
  const configuration = readFileSync(join(source, 'prometheus.yml'), 'utf8');
  writeFileSync(
    join(folder, 'prometheus.yml'),
    configuration.replaceAll(/_interval: \d+s/g, '_interval: 1s'),
  );
  for (const name of readdirSync(join(source, 'rules'))) {
    const rules = readFileSync(join(source, 'rules', name), 'utf8');
    writeFileSync(join(folder, 'rules', name), hurried(rules));
  }
  return folder;
}

function hurried(rules: string): string {
  return rules
    .replaceAll(/\[(\d+)m\]/g, '[$1s]')
    .replaceAll(/\[(\d+)h\]/g, '[$1m]')
    .replaceAll(/for: (\d+)m/g, 'for: $1s');
}
