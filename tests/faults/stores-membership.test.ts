import { test } from 'node:test';
import { startDrillStores } from './drill/drill-stores.ts';
import { startDrillBroker } from './drill/own-broker.ts';
import { sigtermDrill } from './drills/sigterm.ts';
import { stormDrill } from './drills/storm.ts';
import { zombieDrill } from './drills/zombie.ts';

const siteOf = await startDrillBroker();

test('P2 P4 P9 while members join and leave, tables and files hold each record once', async (context) => {
  const site = siteOf(context, 12);
  await stormDrill(site, await startDrillStores(site, { dynamodb: 'dynalite', s3: 's3mock' }));
});

test('P2 P11 a member that is ended by SIGTERM stores everything that it has taken', async (context) => {
  const site = siteOf(context, 8);
  await sigtermDrill(site, await startDrillStores(site, { dynamodb: 'dynalite', s3: 'moto' }));
});

test('P2 P4 writes that arrive after another member took the partition change nothing in tables and files', async (context) => {
  const site = siteOf(context, 1);
  await zombieDrill(site, await startDrillStores(site, { dynamodb: 'moto', s3: 'moto' }));
});
