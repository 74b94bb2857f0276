export interface Panel {
  title: string;
  datasource: { type: string; uid: string };
  targets: { expr: string; refId: string; instant: boolean; range: boolean }[];
}

interface Frame {
  data: { values: unknown[][] };
}

/** A client of Grafana's HTTP API, without a login. */
export function grafanaClient(url: string) {
  async function json<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  }

  return {
    json,
    async dashboards(): Promise<{ uid: string; title: string }[]> {
      return json('/api/search?type=dash-db');
    },
    async panels(uid: string): Promise<Panel[]> {
      const { dashboard } = await json<{ dashboard: { panels: Panel[] } }>(
        `/api/dashboards/uid/${uid}`,
      );
      return dashboard.panels;
    },
    /** Runs a panel's query as the page does. Returns the number of points. */
    async points(panel: Panel, target: Panel['targets'][number], expr: string): Promise<number> {
      const { results } = await json<{
        results: Record<string, { error?: string; frames?: Frame[] }>;
      }>('/api/ds/query', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          from: 'now-5m',
          to: 'now',
          queries: [
            { ...target, expr, datasource: panel.datasource, intervalMs: 5000, maxDataPoints: 300 },
          ],
        }),
      });
      const result = results[target.refId];
      if (result?.error !== undefined) throw new Error(`${panel.title}: ${result.error}`);
      const values = (result?.frames ?? []).flatMap((frame) => frame.data.values.slice(1).flat());
      return values.filter((value) => typeof value === 'number').length;
    },
  };
}
