import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { assertFlatMemory } from '../drill/memory.ts';

/** The reader of stdout takes a third of what arrives. */
export async function slowReaderDrill(site: DrillSite) {
  const { seconds, rate } = site;
  const drill = await startDrill(site, { name: 'slow-reader' });
  let linesPerSecond = 400 * rate;
  const member = await drill.startMember({ linesPerSecond: () => linesPerSecond });
  await drill.startLoad({ directPerSecond: 1_200 * rate, postedPerSecond: 0, poisonPercent: 0.1 });
  await drill.printsMore(member);
  const mostMiB = await assertFlatMemory(member, seconds, 300, drill.note);
  linesPerSecond = Number.POSITIVE_INFINITY;
  return { ...(await drill.finish()), mostMiB };
}
