import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import {
  argumentsOf,
  plannedAppChanges,
  renderedEnvironments,
  resourcesOf,
} from './rendered-stacks.ts';

const environments = renderedEnvironments();
const hostGroup = 'module.access[0].aws_security_group.host';
const infraOwns = /^aws_(msk|glue|ecr|vpc$|subnet|nat_gateway|route_table|vpc_endpoint)/;

test('S0-22 the app stack creates, changes and deletes nothing of MSK, the registry or the network', () => {
  assert.ok(environments.length > 0, 'expected a rendered environment');
  for (const name of environments) {
    const changes = plannedAppChanges(name).filter(({ mode }) => mode === 'managed');
    assert.ok(changes.length > 30, `${name}: expected a plan of the app stack`);
    assert.deepEqual(
      changes.filter(({ type }) => infraOwns.test(type)).map(({ address }) => address),
      [],
    );
    for (const type of ['aws_msk_cluster', 'aws_glue_registry', 'aws_vpc', 'aws_ecr_repository'])
      assert.ok(
        resourcesOf(name, 'infra').some((resource) => resource.type === type),
        `${name}: expected ${type} in the infra stack`,
      );
  }
});

test('S0-22 the app stack looks up the cluster by its name', () => {
  for (const name of environments) {
    const infra = resourcesOf(name, 'infra').find(({ type }) => type === 'aws_msk_cluster');
    const found = resourcesOf(name, 'app').filter(({ type }) => type === 'aws_msk_cluster');
    assert.deepEqual(
      found.map(({ mode, values }) => [mode, values.cluster_name]),
      [['data', infra?.values.cluster_name]],
    );
  }
});

test('S1-09 the services depend on the outputs of the topics task, and the README applies and destroys in order', () => {
  for (const name of environments) {
    const consumer = argumentsOf(name, 'order_consumer');
    for (const [argument, output] of [
      ['topics', 'topic'],
      ['dead_letter_topic', 'dead_letter_topic'],
      ['partitions', 'partitions'],
    ] as const)
      assert.ok(consumer[argument]?.includes(`module.topics.${output}`), `${name}: ${argument}`);
    assert.ok(argumentsOf(name, 'order_producer').topic?.includes('module.topics.topic'));
    assert.ok(argumentsOf(name, 'order_generator').url?.includes('module.order_producer.url'));
  }
  // The README's commands, in order: apply infra and app, destroy app and infra.
  const readme = readFileSync(join(root, 'deploy/terraform/README.md'), 'utf8');
  const commands = [
    ...readme.matchAll(/^terraform -chdir=environments\/dev\/(\w+) (apply|destroy) *(?:#|$)/gm),
  ];
  assert.deepEqual(
    commands.map(([, stack, command]) => `${command} ${stack}`),
    ['apply infra', 'apply app', 'destroy app', 'destroy infra'],
  );
});

test('S0-20 security groups allow egress only to 9098, to 443 and, from the load balancer, to its tasks', () => {
  const hostRules: unknown[] = [];
  for (const name of environments) {
    const resources = [...resourcesOf(name, 'infra'), ...resourcesOf(name, 'app')];
    const rules = resources.filter(({ type }) => type === 'aws_vpc_security_group_egress_rule');
    assert.ok(rules.length >= 10, `${name}: expected egress rules`);
    for (const { address, values } of rules) {
      const { from_port, to_port, ip_protocol, cidr_ipv4, cidr_ipv6 } = values;
      assert.equal(from_port, to_port, address);
      assert.equal(ip_protocol, 'tcp', address);
      if (address.startsWith('module.access[0].')) {
        const vpc = resources.find(({ type, mode }) => type === 'aws_vpc' && mode === 'managed');
        assert.deepEqual([cidr_ipv4, cidr_ipv6 || null], [vpc?.values.cidr_block, null], address);
        hostRules.push(from_port);
      } else
        assert.ok(
          !cidr_ipv4 && !cidr_ipv6,
          `${address}: expected a security group or a prefix list`,
        );
      const toTasks = address.startsWith(
        'module.services.module.order_producer.aws_vpc_security_group_egress_rule.tasks[',
      );
      const ports = toTasks ? [3000, 9464] : [9098, 443];
      assert.ok(ports.includes(Number(from_port)), `${address}: ${from_port}`);
    }
    const host = resources.find(({ address }) => address === hostGroup);
    assert.deepEqual(
      resources.filter(
        ({ type, values }) =>
          type === 'aws_vpc_security_group_ingress_rule' &&
          host !== undefined &&
          values.security_group_id === host.values.id,
      ),
      [],
      'expected no ingress rules for the host',
    );
    // Inline rules of a group would escape the checks above.
    for (const { address, values } of resources.filter(
      ({ type, mode }) => type === 'aws_security_group' && mode === 'managed',
    ))
      assert.deepEqual([values.egress ?? [], values.ingress ?? []], [[], []], address);
    assert.deepEqual(
      resources.filter(({ type }) => type === 'aws_security_group_rule'),
      [],
    );
  }
  assert.deepEqual(hostRules.sort(), [443, 9098], 'expected a rendered environment with access');
});
