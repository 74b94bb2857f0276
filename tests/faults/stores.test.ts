import { test } from 'node:test';
import { startDrillBroker } from './drill/own-broker.ts';
import { slowStoreDrill } from './drills/slow-store.ts';
import { storeFaultsDrill } from './drills/store-faults.ts';
import { storeOutageDrill } from './drills/store-outage.ts';

const siteOf = await startDrillBroker();

test('P2 P4 a store that is down pauses its partitions, and afterwards no store lacks or repeats a record', async (context) => {
  await storeOutageDrill(siteOf(context, 15));
});

test('P10 while DynamoDB takes less than a third of what arrives, memory stays flat', async (context) => {
  await slowStoreDrill(siteOf(context, 40));
});

test('P2 P4 throttling, errors, slow and lost answers and cut uploads neither lose nor repeat a record', async (context) => {
  await storeFaultsDrill(siteOf(context, 1));
});
