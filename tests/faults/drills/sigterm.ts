import assert from 'node:assert/strict';
import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import type { DrillStores } from '../drill/drill-stores.ts';

/** One member after another is ended by SIGTERM under load. Nothing may be printed twice. */
export async function sigtermDrill(site: DrillSite, sinks?: DrillStores) {
  const { rate } = site;
  const drill = await startDrill(site, { name: 'sigterm', ...(sinks && { sinks }) });
  const load = await drill.startLoad({
    ...{ directPerSecond: (sinks ? 100 : 600) * rate, postedPerSecond: 20 * rate },
    poisonPercent: 0.2,
  });
  for (const _ of rounds(site)) {
    const member = await drill.startMember({ waitUntilReady: false });
    await drill.printsMore(member);
    await load.flows(sinks ? 100 : 500);
    drill.note(`SIGTERM to ${member.name}`);
    assert.deepEqual(await member.stop(25_000), { code: 0, signal: null });
  }
  await drill.startMember();
  return drill.finish();
}
