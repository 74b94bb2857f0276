/** Which requests a handler takes from a proxy. */
export interface Rule<Exchange> {
  /** Kafka's name of the API, or the AWS operation. */
  request: string;
  where?: (exchange: Exchange) => boolean;
  /** How many requests the handler takes. Default 1. */
  times?: number;
}

interface Named {
  request: string;
  /** Closes the client's connection without an answer. */
  cut(): void;
}

type Handler<Exchange> = (exchange: Exchange) => Promise<void> | void;

/** The rules of a proxy: the oldest rule that matches takes the exchange from the proxy. */
export function createInterceptions<Exchange extends Named>() {
  const rules = new Set<Required<Rule<Exchange>> & { handle: Handler<Exchange> }>();
  const seen = new Map<string, number>();

  return {
    /** Passes the exchange to the rule's handler. Returns false if no rule takes it: the proxy then passes it on unchanged. */
    take(exchange: Exchange): boolean {
      seen.set(exchange.request, (seen.get(exchange.request) ?? 0) + 1);
      const rule = [...rules].find(
        ({ request, where }) => request === exchange.request && where(exchange),
      );
      if (rule === undefined) return false;
      rule.times -= 1;
      if (rule.times <= 0) rules.delete(rule);
      // Like a connection that breaks: the client gets no answer.
      Promise.resolve(rule.handle(exchange)).catch(() => exchange.cut());
      return true;
    },
    /** How often each request came, with those that a handler took. */
    seen: (): ReadonlyMap<string, number> => seen,
    /** Lets `handle` decide what becomes of the matching requests. `reached` resolves when the first one came. */
    intercept(rule: Rule<Exchange>, handle: Handler<Exchange>) {
      const reached = Promise.withResolvers<void>();
      const entry = {
        where: () => true,
        times: 1,
        ...rule,
        handle(exchange: Exchange) {
          reached.resolve();
          return handle(exchange);
        },
      };
      rules.add(entry);
      return {
        reached: reached.promise,
        remove(): void {
          rules.delete(entry);
        },
      };
    },
  };
}
