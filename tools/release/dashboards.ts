import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DashboardTarget {
  /** Where Grafana is, without a path. */
  grafanaUrl: string;
  /** A service account's token with the role Admin: data sources want it. */
  token: string;
  /** The metrics' workspace, up to where `/api/v1` begins. */
  prometheusUrl: string;
  /** Whose credentials Grafana signs with; absent: a Prometheus that wants none. */
  region?: string;
  /** Where docs/runbook.md is to be read; absent: panels have no link to it. */
  runbookUrl?: string;
}

/** Grafana did not take it. `status` is its HTTP status. */
export class DashboardRefusedError extends Error {
  readonly code = 'DASHBOARD_REFUSED';
  readonly retryable = false;
  readonly status: number;
  constructor(what: string, status: number, answer: string) {
    super(`${what}: ${status} ${answer.slice(0, 300)}`);
    this.status = status;
  }
}

/** What is changed of one on its way. */
interface Dashboard {
  uid: string;
  panels: { links?: { url?: string }[] }[];
  templating: { list: { name: string; query?: unknown }[] };
}

/** The uid that the dashboards ask by. */
const dataSourceUid = 'prometheus';

/**
 * Makes or renews the data source and every dashboard of `folder`; answers their uids.
 * Source: Grafana HTTP API, "Data source" and "Dashboard".
 *
 * @throws DashboardRefusedError
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
    // The uid says which one it is; an id is another installation's.
    const body = { dashboard: { ...dashboard, id: null }, overwrite: true };
    await accepted(target, 'POST', '/api/dashboards/db', body);
    pushed.push(dashboard.uid);
  }
  return pushed;
}

/** What stands in the file is right for the local stack alone, whose Grafana serves the runbook itself. */
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
    // As often as the collectors scrape.
    jsonData: { timeInterval: '30s', httpMethod: 'POST', ...(region !== undefined && signed) },
  };
}

async function accepted(target: DashboardTarget, method: string, path: string, body: object) {
  const answer = await call(target, method, path, body);
  if (!answer.ok)
    throw new DashboardRefusedError(`${method} ${path}`, answer.status, await answer.text());
}

function call({ grafanaUrl, token }: DashboardTarget, method: string, path: string, body?: object) {
  return fetch(new URL(path, grafanaUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}
