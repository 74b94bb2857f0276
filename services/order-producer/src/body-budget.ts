/** A request body that has arrived in part. */
export interface PartialBody {
  /** Memory that it takes. Changed by the budget only. */
  bytes: number;
  /** Gives up its memory and answers the request. */
  reject(): void;
}

export type BodyBudget = ReturnType<typeof createBodyBudget>;

/**
 * Limits the memory of bodies that have arrived in part, over all connections. Above the limit the largest body is
 * rejected, the oldest of equal ones. So a few clients with large bodies cannot keep out those with small ones, and a
 * declared length that never arrives takes nothing.
 */
export function createBodyBudget(maxBytes: number) {
  const bodies = new Set<PartialBody>();
  let total = 0;

  function release(body: PartialBody): void {
    if (!bodies.delete(body)) return;
    total -= body.bytes;
    body.bytes = 0;
  }

  function largest(): PartialBody | undefined {
    let found: PartialBody | undefined;
    for (const body of bodies) if (body.bytes > (found?.bytes ?? 0)) found = body;
    return found;
  }

  return {
    /** Counts `bytes` for this body from now on, and rejects bodies, perhaps this one, until all fit. */
    resize(body: PartialBody, bytes: number): void {
      bodies.add(body);
      total += bytes - body.bytes;
      body.bytes = bytes;
      while (total > maxBytes) {
        const rejected = largest() as PartialBody;
        release(rejected);
        rejected.reject();
      }
    },
    /** Does nothing for a body that is not counted, so that every way out may call it. */
    release,
    bytes: () => total,
  };
}
