import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '@order-stream/local-stack/child';

const everyMs = 1_000;
const answerWithinMs = 2_000;

export interface WatchedPart {
  child: Child;
  /** Answers 200 while all is well. */
  url: string;
  /** Additional text for a fault. */
  explain?: (fault: string) => Promise<string>;
}

/** Reports when a part becomes unready, with its faults, and when it is ready again. Runs until the process ends. */
export async function watchParts(
  parts: readonly WatchedPart[],
  say: (line: string) => void,
): Promise<never> {
  const known = new Map<WatchedPart, string>();
  for (;;) {
    await pause(everyMs, undefined, { ref: false });
    for (const part of parts) {
      const fault = await faultOf(part.url);
      // A fault that differs only in its seconds is not reported again.
      const kind = fault?.replace(/\d+/g, '#') ?? '';
      if (kind === (known.get(part) ?? '')) continue;
      known.set(part, kind);
      const { name } = part.child;
      if (fault === undefined) say(`${name}: ready again`);
      // The end of a process is reported elsewhere.
      else if (part.child.running() || fault !== noAnswer)
        say(`${name}: not ready: ${fault}${(await part.explain?.(fault)) ?? ''}`);
    }
  }
}

const noAnswer = 'no answer';

/** The faults that the URL reports; undefined when it answers 200. */
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

/** Whether a new group member waits because the session of a killed member has not expired yet. */
export async function waitsForOldMember(brokers: string, groupId: string): Promise<boolean> {
  // Loaded on demand: rarely needed and slow to load.
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
    await admin.disconnect();
    await client.close();
  }
}
