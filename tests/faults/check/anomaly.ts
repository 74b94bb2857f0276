import type { Place, StoreName } from '../history-event.ts';

/**
 * - `lost`: the store lacks a record, although the store or the group has passed its offset.
 * - `unseen`: the store lacks a record, and neither the store nor the group has reached it.
 * - `duplicate`: the store has a record more often than its rule allows.
 * - `reordered`: a record comes before one that it had to follow.
 * - `phantom`: the store has something that was never sent, was refused, does not belong there, or has other content.
 */
export type AnomalyName = 'lost' | 'unseen' | 'duplicate' | 'reordered' | 'phantom';

export interface Anomaly extends Partial<Place> {
  name: AnomalyName;
  store: StoreName;
  key?: string;
  version?: number;
  /** One sentence with what was expected and what was found. */
  detail: string;
}

/** More than a UUID. The longest keys have 2 KiB. */
const shownKeyLength = 60;

export function describeAnomaly(anomaly: Anomaly): string {
  const { name, store, topic, partition, offset, key, version, detail } = anomaly;
  const place = topic === undefined ? '' : ` ${topic}/${partition} offset ${offset ?? '?'}`;
  const record =
    key === undefined ? '' : ` key ${key.slice(0, shownKeyLength)} version ${version ?? '?'}`;
  return `${name} (${store})${place}${record}: ${detail}`;
}

const shownOfEach = 5;

/** The first anomalies of each name and store, and how many there are. Nothing if there are none. */
export function summarizeAnomalies(anomalies: readonly Anomaly[]): string[] {
  const kinds = Map.groupBy(anomalies, ({ name, store }) => `${name} (${store})`);
  return [...kinds].flatMap(([kind, all]) => [
    `${kind}: ${all.length}`,
    ...all.slice(0, shownOfEach).map(describeAnomaly),
  ]);
}
