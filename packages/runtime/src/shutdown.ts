import type { Logger } from './logger.ts';

/**
 * Stops a process in order. The exit code is 0 when all steps ended within the deadline. It is 1 when a step failed,
 * which the log reports, or when the deadline passed.
 */
export function createShutdown(options: {
  logger: Logger;
  deadlineMs?: number;
  exit?: (code: number) => void;
}) {
  const { logger, deadlineMs = 25_000, exit = (code) => process.exit(code) } = options;
  const steps: { name: string; step: () => Promise<void> | void }[] = [];
  let running: Promise<void> | undefined;

  async function runSteps(exitCode: number): Promise<void> {
    let code = exitCode;
    const deadline = setTimeout(() => {
      logger.error({ deadlineMs }, 'shutdown deadline passed');
      exit(1);
    }, deadlineMs);
    for (const { name, step } of steps.toReversed()) {
      try {
        await step();
        logger.debug({ step: name }, 'shutdown step done');
      } catch (err) {
        code ||= 1;
        logger.error({ err, step: name }, 'shutdown step failed');
      }
    }
    clearTimeout(deadline);
    logger.info({ code }, 'stopped');
    exit(code);
  }

  function stop(reason: string, exitCode = 0): Promise<void> {
    if (!running) {
      logger.info({ reason }, 'stopping');
      running = runSteps(exitCode);
    }
    return running;
  }

  return {
    /** Adds a step. Steps run one after another, the last added first. */
    onStop: (name: string, step: () => Promise<void> | void) => void steps.push({ name, step }),
    /** SIGTERM, SIGINT and SIGHUP stop the process. A second signal ends it at once. */
    listen(): void {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
        process.on(signal, () => {
          if (running) {
            logger.warn({ signal }, 'second signal: ending at once');
            exit(1);
          }
          void stop(signal);
        });
      }
    },
    /** True from the first signal on. Readiness is then red. */
    stopping: () => running !== undefined,
    stop,
  };
}
