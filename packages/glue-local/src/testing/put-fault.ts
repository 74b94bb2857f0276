import assert from 'node:assert/strict';
import type { Fault } from '../faults/fault.ts';
import type { FaultInPlace } from '../faults/fault-list.ts';

/** Puts a fault in place, over HTTP. `end` ends it; `applied` counts the calls that got it. */
export async function putFault(endpoint: string, fault: Fault) {
  const url = `${endpoint}/_local/faults`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) });
  assert.equal(response.status, 201);
  const { id } = (await response.json()) as FaultInPlace;
  return {
    id,
    async applied(): Promise<number | undefined> {
      const { faults } = (await (await fetch(url)).json()) as { faults: FaultInPlace[] };
      return faults.find((one) => one.id === id)?.applied;
    },
    async end(): Promise<void> {
      assert.equal((await fetch(`${url}/${id}`, { method: 'DELETE' })).status, 204);
    },
  };
}
