import { setTimeout as pause } from 'node:timers/promises';
import { dynamodbFaults, s3Faults } from '@order-stream/local-stack/aws-faults';
import type { AwsExchange } from '@order-stream/local-stack/aws-proxy';
import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import { startDrillStores } from '../drill/drill-stores.ts';

type Fault = (exchange: AwsExchange) => Promise<void> | void;

const lostAnswer: Fault = async (exchange) => {
  await exchange.forward();
  exchange.cut();
};
const slow: Fault = async (exchange) => {
  await pause(1_000);
  exchange.reply(await exchange.forward());
};
/** The sink gives up before the answer comes, so the request is applied while it is sent again. */
const tooSlow: Fault = async (exchange) => {
  await pause(3_000);
  exchange.reply(await exchange.forward());
};

const faults: Record<'dynamodb' | 's3', { requests: string[]; all: Record<string, Fault> }> = {
  dynamodb: {
    requests: ['PutItem', 'DeleteItem'],
    all: {
      throttled: (exchange) => exchange.reply(dynamodbFaults.throttled),
      limited: (exchange) => exchange.reply(dynamodbFaults.limited),
      internal: (exchange) => exchange.reply(dynamodbFaults.internal),
      unavailable: (exchange) => exchange.reply(dynamodbFaults.unavailable),
      ...{ lostAnswer, slow, tooSlow },
    },
  },
  s3: {
    requests: ['PutObject', 'HeadObject', 'ListObjectsV2'],
    all: {
      internal: (exchange) => exchange.reply(s3Faults.internal),
      slowDown: (exchange) => exchange.reply(s3Faults.slowDown),
      // Although there is no such object: the answer of a write that was rolled back.
      preconditionFailed: (exchange) => exchange.reply(s3Faults.preconditionFailed),
      conflict: (exchange) => exchange.reply(s3Faults.conflict),
      async cutInside(exchange) {
        await exchange.forwardPart(Math.ceil(exchange.body.length / 2));
        exchange.cut();
      },
      ...{ lostAnswer, slow },
    },
  },
};

/** Each fault of each store in turn, on a part of the requests, under load. Nothing may be lost or repeated in any store. */
export async function storeFaultsDrill(site: DrillSite) {
  const { rate } = site;
  const sinks = await startDrillStores(site, { dynamodb: 'moto', s3: 's3mock' });
  const drill = await startDrill(site, { name: 'store-faults', sinks, tombstones: 'deleted' });
  await drill.startMember();
  const load = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 20 * rate },
    poisonPercent: 0.5,
  });
  for (const _ of rounds(site))
    for (const [name, { requests, all }] of Object.entries(faults))
      for (const [fault, handle] of Object.entries(all)) {
        drill.note(`${name}: ${fault}`);
        const { proxies } = sinks;
        const rules = requests.map((request) =>
          proxies[name as keyof typeof proxies].intercept(
            {
              ...{ request, times: Number.POSITIVE_INFINITY },
              // Readings have no body that could be cut.
              where: ({ body }) =>
                Math.random() < 0.3 && (fault !== 'cutInside' || body.length > 1),
            },
            handle,
          ),
        );
        await rules[0]?.reached;
        await load.flows(150);
        for (const rule of rules) rule.remove();
      }
  return drill.finish();
}
