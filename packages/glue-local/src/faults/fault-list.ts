import { randomUUID } from 'node:crypto';
import { invalidInput } from '../glue-error.ts';
import type { Operation } from '../request.ts';
import { createDraw } from './draw.ts';
import type { Fault } from './fault.ts';

const maxFaults = 1000;

/** A fault in place, as `GET /_local/faults` shows it. */
export interface FaultInPlace extends Fault {
  id: string;
  /** How many calls got the fault; for `pending`, how many versions. */
  applied: number;
}

/** The members of a call by which faults choose it. */
export interface FaultTarget {
  action: Operation;
  /** Of the signature; undefined for a call without one. */
  accessKeyId: string | undefined;
}

export type FaultList = ReturnType<typeof createFaultList>;

/**
 * The faults in place, oldest first. They end with the process.
 * @param release settles versions that a fault kept PENDING; `all` includes those of earlier processes
 */
export function createFaultList(
  release: (versionIds: ReadonlySet<string> | 'all') => Promise<unknown>,
) {
  const entries = new Map<string, Entry>();

  function find({ action, accessKeyId }: FaultTarget, isWanted: (fault: Fault) => boolean) {
    return [...entries.values()].filter(
      ({ shown }) =>
        isWanted(shown) &&
        (shown.actions === undefined || shown.actions.includes(action)) &&
        (shown.accessKeyId === undefined || shown.accessKeyId === accessKeyId),
    );
  }

  /** Settles their versions, and leaves them in place when that fails. */
  async function remove(some: readonly Entry[], held: ReadonlySet<string> | 'all'): Promise<void> {
    // Before the wait for the database, so that they hold no version during it.
    for (const { shown } of some) entries.delete(shown.id);
    try {
      if (held === 'all' || held.size > 0) await release(held);
    } catch (error) {
      for (const entry of some) entries.set(entry.shown.id, entry);
      throw error;
    }
  }

  return {
    /** @throws GlueError InvalidInputException when there are too many */
    add(fault: Fault): FaultInPlace {
      if (entries.size >= maxFaults) {
        throw invalidInput(`there are already ${maxFaults} faults: end some of them first`);
      }
      const shown = { id: randomUUID(), ...fault, applied: 0 };
      const isDrawn = createDraw(fault.rate ?? 1, fault.seed ?? 0);
      entries.set(shown.id, { shown, isDrawn, heldVersions: new Set() });
      return shown;
    },
    list: (): FaultInPlace[] => [...entries.values()].map(({ shown }) => shown),
    /** Also settles the versions that the fault kept PENDING. Returns false when there is no such fault. */
    async end(id: string): Promise<boolean> {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      await remove([entry], entry.heldVersions);
      return true;
    },
    endAll: () => remove([...entries.values()], 'all'),
    /** The faults that this call gets, counted: every latency, and the first of the faults that end a call. */
    faultsOf(target: FaultTarget): readonly Fault[] {
      if (entries.size === 0) return [];
      let isEnded = false;
      const found = find(target, ({ fault }) => fault !== 'pending').filter((entry) => {
        const isLatency = entry.shown.fault === 'latency';
        if ((!isLatency && isEnded) || !take(entry)) return false;
        isEnded ||= !isLatency;
        return true;
      });
      return found.map(({ shown }) => shown);
    },
    /** Whether a new version stays PENDING until its fault is ended. */
    holdsVersion(target: FaultTarget, versionId: string): boolean {
      const holder = find(target, ({ fault }) => fault === 'pending').find(take);
      holder?.heldVersions.add(versionId);
      return holder !== undefined;
    },
  };
}

interface Entry {
  shown: FaultInPlace;
  heldVersions: Set<string>;
  isDrawn(): boolean;
}

/** Counts the call if it gets the fault. */
function take({ shown, isDrawn }: Entry): boolean {
  if (shown.applied >= (shown.count ?? Infinity) || !isDrawn()) return false;
  shown.applied += 1;
  return true;
}
