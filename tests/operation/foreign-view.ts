import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchPythonLibrary } from '../conformance/python-library.ts';

export interface ForeignPartition {
  topic: string;
  partition: number;
  /** Offset of the first record that the log still has. */
  start: number;
  end: number;
  /** The end of what a reader of committed transactions can read. */
  stable: number;
  /** Null when the group has committed nothing. */
  committed: number | null;
}

export interface ForeignView {
  /** Kafka's name of the group's state: `Stable`, `Empty`, … */
  state: string;
  members: number;
  partitions: ForeignPartition[];
}

const script = join(import.meta.dirname, 'observe.py');

/** What another client (kafka-python) says of a group and its topics at this moment. */
export async function foreignView(
  bootstrapServers: string,
  groupId: string,
  topics: readonly string[],
): Promise<ForeignView> {
  const python = await fetchPythonLibrary();
  const args = ['-I', '-B', script, bootstrapServers, groupId, ...topics];
  const { stdout } = await promisify(execFile)(python, args, { timeout: 30_000 });
  return JSON.parse(stdout) as ForeignView;
}

/**
 * Records that the group can read and has not committed. Without a commit, the group begins at the first record. Records behind
 * an open transaction are counted apart.
 */
export function lagOf({ start, stable, committed }: ForeignPartition): number {
  return stable - Math.max(start, committed ?? start);
}
