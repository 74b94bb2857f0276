import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import type { DrillStores } from '../drill/drill-stores.ts';

/** 1 % of each class of poison. With stores, files are Avro, so that each sink but stdout has orders that it must reject. */
export async function poisonDrill(site: DrillSite, sinks?: DrillStores) {
  const { rate } = site;
  const drill = await startDrill(site, {
    name: 'poison',
    ...(sinks && { sinks, env: { S3_FORMAT: 'avro' } }),
  });
  await drill.startMember();
  const load = await drill.startLoad({
    ...{ directPerSecond: (sinks ? 100 : 300) * rate, postedPerSecond: (sinks ? 20 : 50) * rate },
    poisonPercent: 1,
  });
  for (const _ of rounds(site)) await load.flows(sinks ? 100 : 500);
  return drill.finish();
}
