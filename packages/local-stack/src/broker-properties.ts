/** One broker, no automatic creation of topics, and groups that start at once. The same on every runtime. */
export const singleBrokerProperties: Record<string, string> = {
  'auto.create.topics.enable': 'false',
  'default.replication.factor': '1',
  'offsets.topic.replication.factor': '1',
  // The default is 50 partitions, all created when the first group joins.
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  // A killed broker can restart only after its registration has expired, by default after 9 s.
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '250',
};

/** For tests and one developer, a quick start matters more than peak speed. Kafka's scripts pass these flags to each JVM. */
export const quickStartVariables = {
  KAFKA_JVM_PERFORMANCE_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
};

/** Kafka's images read properties from `KAFKA_` variables, in upper case and with underscores for dots. */
export function asEnvironment(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
}
