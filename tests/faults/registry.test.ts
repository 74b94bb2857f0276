import { test } from 'node:test';
import { startDrillBroker } from './drill/own-broker.ts';
import { registryAccessDrill } from './drills/registry-access.ts';
import { registryFaultsDrill } from './drills/registry-faults.ts';
import { registryPendingDrill } from './drills/registry-pending.ts';

const siteOf = await startDrillBroker();

test('P2 P4 while the registry throttles or answers 5xx, a new producer refuses orders with 503, partitions with records of a new version wait, orders of the last version are printed from the others, and afterwards none is lost or repeated', async (context) => {
  await registryFaultsDrill(siteOf(context, 5));
});

test('P2 P4 while the registry denies access to the consumer, records of a new version wait and become no dead letters', async (context) => {
  await registryAccessDrill(siteOf(context, 5));
});

test('P2 P4 while a new version stays PENDING, its producer refuses orders with 503, and those of the last version flow', async (context) => {
  await registryPendingDrill(siteOf(context, 1));
});
