import type { HttpAnswer as AwsAnswer, AwsProxy } from '@order-stream/local-stack/aws-proxy';
import type { TcpProxy } from '@order-stream/local-stack/tcp-proxy';
import type { FaultMoment } from '../fault-points.ts';

/** The answer to a fetch of six partitions without records has about 300 bytes, and one order about 150. */
const smallestFetch = 500;

export interface PlannedKill {
  isDone(): boolean;
  /** Lets a `late` request arrive. Resolves when the other side has answered it, rejects when that closes the connection. */
  arrive(): Promise<void>;
}

/** Kills the process by SIGKILL at the next request of this name. The proxies see the request before or after its effect. */
export function killAt(
  proxy: Pick<TcpProxy | AwsProxy, 'intercept'>,
  request: string,
  moment: FaultMoment,
  kill: () => void,
): PlannedKill {
  let isDone = false;
  const released = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  // Nobody may wait for it yet.
  arrived.promise.catch(() => {});
  const end = () => {
    kill();
    isDone = true;
  };
  const { intercept } = proxy as AwsProxy;
  const times = request === 'Fetch' ? Number.POSITIVE_INFINITY : 1;
  const rule = intercept({ request, times }, async (exchange) => {
    if (moment === 'after') {
      const answer = (await exchange.forward()) as AwsAnswer & Buffer;
      // Most fetches return no record, because the consumer asks again every 250 ms.
      if (isDone || (request === 'Fetch' && answer.length < smallestFetch)) {
        exchange.reply(answer);
        return;
      }
    }
    rule.remove();
    if (moment === 'inside') await exchange.forwardPart(Math.ceil(exchange.body.length / 2));
    end();
    if (moment === 'late') {
      await released.promise;
      await exchange.forward().then(() => arrived.resolve(), arrived.reject);
    } else exchange.cut();
  });
  return {
    isDone: () => isDone,
    async arrive(): Promise<void> {
      released.resolve();
      if (moment === 'late') await arrived.promise;
    },
  };
}
