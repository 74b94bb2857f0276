import { until } from '@order-stream/local-stack/until';

export interface Series {
  labels: Record<string, string>;
  /** Only finite points. NaN, such as 0 / 0, counts as no data. */
  points: number[];
}

export interface Rule {
  name: string;
  query: string;
  type: 'alerting' | 'recording';
}

interface Answer<Data> {
  status: string;
  error?: string;
  data: Data;
}
type Sample = [number, string];

/** A client of Prometheus's HTTP API. */
export function prometheusClient(url: string) {
  async function get<Data>(path: string, parameters: Record<string, string> = {}): Promise<Data> {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, error, data } = (await response.json()) as Answer<Data>;
    if (status !== 'success') throw new Error(`${error}: ${JSON.stringify(parameters)}`);
    return data;
  }

  const firing = async () => {
    const { alerts } = await get<{ alerts: { state: string; labels: { alertname: string } }[] }>(
      'alerts',
    );
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  };

  return {
    /** The points of each second since `sinceMs`, epoch ms. */
    async range(query: string, sinceMs: number): Promise<Series[]> {
      const { result } = await get<{ result: { metric: Series['labels']; values: Sample[] }[] }>(
        'query_range',
        {
          query,
          start: String(sinceMs / 1000),
          end: String(Date.now() / 1000),
          step: '1s',
        },
      );
      return result
        .map(({ metric, values }) => ({
          labels: metric,
          points: values.map(([, value]) => Number(value)).filter(Number.isFinite),
        }))
        .filter(({ points }) => points.length > 0);
    },
    async now(query: string): Promise<Series[]> {
      const { result } = await get<{ result: { metric: Series['labels']; value: Sample }[] }>(
        'query',
        { query },
      );
      return result
        .map(({ metric, value }) => ({ labels: metric, points: [Number(value[1])] }))
        .filter(({ points }) => points.every(Number.isFinite));
    },
    labelValues: (label: string, match: string) =>
      get<string[]>(`label/${label}/values`, { 'match[]': match }),
    async rules(): Promise<Rule[]> {
      const { groups } = await get<{ groups: { rules: Rule[] }[] }>('rules');
      return groups.flatMap(({ rules }) => rules);
    },
    firing,
    async fires(...alerts: string[]): Promise<void> {
      for (const alert of alerts)
        await until(`${alert} fires`, async () => (await firing()).includes(alert), 90_000);
    },
    async resolves(...alerts: string[]): Promise<void> {
      for (const alert of alerts)
        await until(`${alert} resolves`, async () => !(await firing()).includes(alert), 90_000);
    },
  };
}

export type PrometheusClient = ReturnType<typeof prometheusClient>;
