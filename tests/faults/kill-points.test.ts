import { test } from 'node:test';
import { startDrillBroker } from './drill/own-broker.ts';
import { killPointsDrill } from './drills/kill-points.ts';
import { killDrills } from './fault-points.ts';

const siteOf = await startDrillBroker();

for (const drill of killDrills)
  test(`P1 P2 P4 a consumer that is killed at any step between taking and committing loses nothing and skips nothing (${drill})`, async (context) => {
    await killPointsDrill(siteOf(context, 1), drill);
  });
