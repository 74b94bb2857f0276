// terraform-push-dashboards.ts --grafana URL --prometheus URL [--region REGION], GRAFANA_TOKEN in the environment: the dashboards of
// docker/grafana into Amazon Managed Grafana or any other.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './state-folder.ts';
import { pushDashboards } from './terraform-dashboards.ts';

const { grafana, prometheus, region } = parseArgs({
  options: {
    grafana: { type: 'string' },
    prometheus: { type: 'string' },
    region: { type: 'string' },
  },
}).values;
const token = process.env.GRAFANA_TOKEN;
if (grafana === undefined || prometheus === undefined || token === undefined) {
  process.stderr.write(
    'usage: GRAFANA_TOKEN=… node tools/run.mjs tools/terraform-push-dashboards.ts --grafana URL --prometheus URL [--region REGION]\n',
  );
  process.exit(64);
}
const pushed = await pushDashboards(
  {
    grafanaUrl: grafana,
    prometheusUrl: prometheus,
    token,
    ...(region !== undefined && { region }),
  },
  join(root, 'docker/grafana/dashboards'),
);
process.stdout.write(`${pushed.map((uid) => new URL(`/d/${uid}`, grafana)).join('\n')}\n`);
