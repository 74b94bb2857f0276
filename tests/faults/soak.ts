// The drills at full length: `npm run soak -- [--minutes 5] [--rate 1] [DRILL…]`. Prints what each of them counted.
import { parseArgs } from 'node:util';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import type { DrillSite } from './drill/drill-pace.ts';
import { type DrillStores, startDrillStores } from './drill/drill-stores.ts';
import { shortSessionsBroker } from './drill/short-sessions.ts';
import { killPointsDrill } from './drills/kill-points.ts';
import { poisonDrill } from './drills/poison.ts';
import { registryAccessDrill } from './drills/registry-access.ts';
import { registryFaultsDrill } from './drills/registry-faults.ts';
import { registryPendingDrill } from './drills/registry-pending.ts';
import { sigtermDrill } from './drills/sigterm.ts';
import { slowReaderDrill } from './drills/slow-reader.ts';
import { slowStoreDrill } from './drills/slow-store.ts';
import { storeFaultsDrill } from './drills/store-faults.ts';
import { storeOutageDrill } from './drills/store-outage.ts';
import { stormDrill } from './drills/storm.ts';
import { zombieDrill } from './drills/zombie.ts';
import { killDrills } from './fault-points.ts';

const withStores =
  (drill: (site: DrillSite, sinks: DrillStores) => Promise<object>) => async (site: DrillSite) =>
    drill(site, await startDrillStores(site, { dynamodb: 'dynalite', s3: 's3mock' }));

const drills: Record<string, (site: DrillSite) => Promise<object>> = {
  ...Object.fromEntries(
    killDrills.map((name) => [`kill-${name}`, (site) => killPointsDrill(site, name)]),
  ),
  storm: (site) => stormDrill(site),
  sigterm: (site) => sigtermDrill(site),
  zombie: (site) => zombieDrill(site),
  poison: (site) => poisonDrill(site),
  'slow-reader': slowReaderDrill,
  'poison-stores': withStores(poisonDrill),
  'storm-stores': withStores(stormDrill),
  'sigterm-stores': withStores(sigtermDrill),
  'zombie-stores': withStores(zombieDrill),
  'slow-store': slowStoreDrill,
  'store-outage': storeOutageDrill,
  'store-faults': storeFaultsDrill,
  'registry-faults': registryFaultsDrill,
  'registry-access': registryAccessDrill,
  'registry-pending': registryPendingDrill,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '5' },
    rate: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
const unknown = positionals.filter((name) => drills[name] === undefined);
if (!(minutes > 0) || !(rate > 0) || unknown.length > 0) {
  process.stderr.write(
    `usage: npm run soak -- [--minutes N] [--rate FACTOR] [DRILL…]\ndrills: ${Object.keys(drills).join(', ')}\n`,
  );
  process.exit(2);
}

// The processes that this one has started end with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));

for (const name of positionals.length > 0 ? positionals : Object.keys(drills)) {
  const ends: (() => unknown)[] = [];
  const context = { after: (end: () => unknown) => void ends.push(end) } as DrillSite['context'];
  const [broker, registry] = await Promise.all([
    startOwnBroker(shortSessionsBroker),
    startGlueLocal(),
  ]);
  ends.push(() => registry.close(), broker.stop);
  const startedAt = performance.now();
  try {
    const figures = await drills[name]?.({
      context,
      broker,
      registry,
      rate,
      seconds: minutes * 60,
    });
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    process.stdout.write(`${name}: no anomaly in ${seconds} s ${JSON.stringify(figures)}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stdout.write(`${name}: ${(error as Error).message}\n`);
  } finally {
    // Members and loads before the broker.
    for (const end of ends.toReversed()) await end();
  }
}
