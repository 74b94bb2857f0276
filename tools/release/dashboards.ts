import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DashboardTarget {
  /** Base URL of Grafana, without a path. */
  grafanaUrl: string;
  /** Token of a service account with the role Admin, which data sources require. */
  token: string;
  /** URL of the Prometheus workspace, up to the path `/api/v1`. */
  prometheusUrl: string;
  /** Region for which Grafana signs its requests. Absent: Prometheus needs no signature. */
  region?: string;
  /** URL of docs/runbook.md. Absent: panels have no links to the runbook. */
  runbookUrl?: string;
}

/** Grafana rejected a request. `status` is the HTTP status. */
export class DashboardRejectedError extends Error {
  readonly code = 'dashboard-rejected';
  readonly retryable = false;
  readonly status: number;
  constructor(request: string, status: number, answer: string) {
    super(`${request}: Grafana answered ${status}: ${answer.slice(0, 300)}`);
    this.status = status;
  }
}

/** The parts of a dashboard that change when it is pushed. */
interface Dashboard {
  uid: string;
  panels: { links?: { url?: string }[] }[];
  templating: { list: { name: string; query?: unknown }[] };
}

/** The dashboards refer to their data source by this uid. */
const dataSourceUid = 'prometheus';

/**
 * Creates or updates the data source and every dashboard of `folder`. Returns the dashboards' uids.
 * Source: Grafana HTTP API, "Data source" and "Dashboard".
 *
 * @throws DashboardRejectedError
 */
export async function pushDashboards(target: DashboardTarget, folder: string): Promise<string[]> {
  const found = await call(target, 'GET', `/api/datasources/uid/${dataSourceUid}`);
  const source = dataSource(target);
  if (found.status === 404) await accepted(target, 'POST', '/api/datasources', source);
  else await accepted(target, 'PUT', `/api/datasources/uid/${dataSourceUid}`, source);

  const pushed: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    const dashboard = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Dashboard;
    linkRunbook(dashboard, target.runbookUrl);
    // The uid identifies the dashboard. An id would be another installation's.
    const body = { dashboard: { ...dashboard, id: null }, overwrite: true };
    await accepted(target, 'POST', '/api/dashboards/db', body);
    pushed.push(dashboard.uid);
  }
  return pushed;
}

/** The runbook link in the file works only in the local stack, whose Grafana serves the runbook itself. */
function linkRunbook({ panels, templating }: Dashboard, url: string | undefined): void {
  if (url !== undefined) {
    for (const variable of templating.list) if (variable.name === 'runbook') variable.query = url;
  } else {
    for (const panel of panels)
      panel.links = panel.links?.filter((link) => !link.url?.startsWith(`\${runbook}`)) ?? [];
  }
}

function dataSource({ prometheusUrl, region }: DashboardTarget): object {
  const signed = { sigV4Auth: true, sigV4AuthType: 'default', sigV4Region: region };
  return {
    name: 'Prometheus',
    uid: dataSourceUid,
    type: 'prometheus',
    access: 'proxy',
    url: prometheusUrl.replace(/\/$/, ''),
    isDefault: true,
    // The collectors' scrape interval.
    jsonData: { timeInterval: '30s', httpMethod: 'POST', ...(region !== undefined && signed) },
  };
}

async function accepted(target: DashboardTarget, method: string, path: string, body: object) {
  const answer = await call(target, method, path, body);
  if (!answer.ok)
    throw new DashboardRejectedError(`${method} ${path}`, answer.status, await answer.text());
}

function call({ grafanaUrl, token }: DashboardTarget, method: string, path: string, body?: object) {
  return fetch(new URL(path, grafanaUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}
