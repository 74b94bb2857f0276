import { test } from 'node:test';
import { startDrillStores } from './drill/drill-stores.ts';
import { startDrillBroker } from './drill/own-broker.ts';
import { poisonDrill } from './drills/poison.ts';
import { slowReaderDrill } from './drills/slow-reader.ts';

const siteOf = await startDrillBroker();

test('P8 with 1 % poison of each class, no partition stops, and exactly these records become dead letters', async (context) => {
  await poisonDrill(siteOf(context, 10));
});

test('P8 an order that one sink rejects is stored once by the others, and becomes one dead letter with the place, reason and bytes of its record', async (context) => {
  const site = siteOf(context, 10);
  await poisonDrill(site, await startDrillStores(site, { dynamodb: 'moto', s3: 's3mock' }));
});

test('P10 while stdout is read at a third of the arrival rate, memory stays flat, and every record is printed once', async (context) => {
  await slowReaderDrill(siteOf(context, 30));
});
