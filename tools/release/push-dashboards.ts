// push-dashboards.ts --grafana URL --prometheus URL [--region REGION] [--runbook URL]: pushes the dashboards of
// docker/grafana to Amazon Managed Grafana or any other Grafana, with the token of GRAFANA_TOKEN. Panels link to the runbook
// at the given URL, such as https://github.com/OWNER/NAME/blob/main/docs/runbook.md; without it they have no link.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';
import { pushDashboards } from './dashboards.ts';

const { grafana, prometheus, region, runbook } = parseArgs({
  options: {
    grafana: { type: 'string' },
    prometheus: { type: 'string' },
    region: { type: 'string' },
    runbook: { type: 'string' },
  },
}).values;
const token = process.env.GRAFANA_TOKEN;
if (grafana === undefined || prometheus === undefined || token === undefined) {
  process.stderr.write(
    'usage: GRAFANA_TOKEN=… node tools/run.mjs tools/release/push-dashboards.ts --grafana URL --prometheus URL [--region REGION] [--runbook URL]\n',
  );
  process.exit(64);
}
const pushed = await pushDashboards(
  {
    grafanaUrl: grafana,
    prometheusUrl: prometheus,
    token,
    ...(region !== undefined && { region }),
    ...(runbook !== undefined && { runbookUrl: runbook }),
  },
  join(root, 'docker/grafana/dashboards'),
);
process.stdout.write(`${pushed.map((uid) => new URL(`/d/${uid}`, grafana)).join('\n')}\n`);
