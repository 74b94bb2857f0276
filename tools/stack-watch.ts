import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '@order-stream/local-stack/child';

const everyMs = 1_000;
const answerWithinMs = 2_000;

export interface WatchedPart {
  child: Child;
  /** Answers 200 while all is well. */
  url: string;
  /** What there is to add to a fault. */
  explain?: (fault: string) => Promise<string>;
}

/** Says when a part is no longer ready, with its faults, and when it is ready again, for as long as the process lives. */
export async function watchParts(
  parts: readonly WatchedPart[],
  say: (line: string) => void,
): Promise<never> {
  const known = new Map<WatchedPart, string>();
  for (;;) {
    await pause(everyMs, undefined, { ref: false });
    for (const part of parts) {
      const fault = await faultOf(part.url);
      // Seconds that pass are no news.
      const news = fault?.replace(/\d+/g, '#') ?? '';
      if (news === (known.get(part) ?? '')) continue;
      known.set(part, news);
      const { name } = part.child;
      if (fault === undefined) say(`${name}: ready again`);
      // That a process has ended is said by whoever waits for it.
      else if (part.child.running() || fault !== noAnswer)
        say(`${name}: not ready: ${fault}${(await part.explain?.(fault)) ?? ''}`);
    }
  }
}

const noAnswer = 'it does not answer';

/** Undefined when it answers 200. */
export async function faultOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    const text = await response.text();
    if (response.ok) return undefined;
    return (JSON.parse(text) as { faults: string[] }).faults.join('; ');
  } catch {
    return noAnswer;
  }
}

/** True while Kafka lets a new member of the group wait because a member that was killed has not been given up. */
export async function waitsForOldMember(brokers: string, groupId: string): Promise<boolean> {
  // Rarely needed, and slow to load.
  const { createKafkaClient, createLogger } = await import('@order-stream/runtime');
  const client = createKafkaClient(
    { BOOTSTRAP_SERVERS: [brokers], SECURITY_PROTOCOL: 'PLAINTEXT' },
    { logger: createLogger({ name: 'npm start', level: 'silent' }), clientId: 'npm-start' },
  );
  const admin = client.admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    return groups[0]?.state === 'PreparingRebalance';
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
