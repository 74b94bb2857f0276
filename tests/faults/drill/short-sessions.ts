/** Properties of a broker that allows the sessions below. */
export const shortSessionsBroker = { 'group.min.session.timeout.ms': '1000' };

/** A killed member keeps its partitions until its session expires, by default for 30 s. */
export const shortSessions = { SESSION_TIMEOUT_MS: '2000', HEARTBEAT_INTERVAL_MS: '500' };
