interface Log {
  warn(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/**
 * Logs the warnings and the uncaught errors of Node. Node itself prints them by blocking writes, which never end when the
 * reader of stderr does not read. An uncaught error ends the process with exit code 1.
 */
export function logNodeErrors(log: Log): void {
  // Without a listener, NODE_NO_WARNINGS is set.
  if (process.listenerCount('warning') > 0)
    process
      .removeAllListeners('warning')
      .on('warning', (warning) => log.warn({ err: warning }, 'warning of Node'));
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'uncaught error');
    process.exit(1);
  });
}
