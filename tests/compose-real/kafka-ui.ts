export interface ShownRecord {
  partition: number;
  offset: number;
  key: string;
  value: string;
  keySerde: string;
  valueSerde: string;
  valueDeserializeProperties: Record<string, unknown>;
}

interface SerdeChoice {
  name: string;
  preferred?: boolean;
  schema?: string;
}

/** A client of kafka-ui's HTTP API, for the cluster of compose.yml. */
export function kafkaUiClient(url: string) {
  const cluster = `${url}/api/clusters/order-stream`;

  async function get(path: string): Promise<string> {
    const response = await fetch(`${cluster}${path}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    return text;
  }

  return {
    async serdes(topic: string): Promise<{ key: SerdeChoice[]; value: SerdeChoice[] }> {
      return JSON.parse(await get(`/topics/${topic}/serdes?use=DESERIALIZE`));
    },
    /** The first records of a topic as the page shows them by default. */
    async records(topic: string): Promise<ShownRecord[]> {
      const events = await get(`/topics/${topic}/messages/v2?mode=EARLIEST&limit=20`);
      return events
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => JSON.parse(line.slice('data:'.length)))
        .filter(({ type }) => type === 'MESSAGE')
        .map(({ message }) => message as ShownRecord);
    },
  };
}
