import { test } from 'node:test';
import { startDrillBroker } from './drill/own-broker.ts';
import { sigtermDrill } from './drills/sigterm.ts';
import { stormDrill } from './drills/storm.ts';
import { zombieDrill } from './drills/zombie.ts';

const siteOf = await startDrillBroker();

test('P9 while members join and leave under load, nothing is lost and no member reports to be dead', async (context) => {
  await stormDrill(siteOf(context, 20));
});

test('P4 P11 a member that is ended by SIGTERM under load leaves nothing behind: its successor repeats no record', async (context) => {
  await sigtermDrill(siteOf(context, 10));
});

test('P4 a member that wakes up after another took its partitions changes nothing: what it commits is refused', async (context) => {
  await zombieDrill(siteOf(context, 1));
});
