import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { parse } from 'yaml';
import {
  type RenderedResource,
  renderedEnvironments,
  resourceEnding,
  resourcesOf,
} from './rendered-stacks.ts';

interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { description: string; runbook_url: string };
}

/** The comparison in an alert's expression. */
interface Condition {
  windowSeconds: number;
  comparison: string;
  threshold: number;
}

const ruleFile = (name: string) =>
  readFileSync(join(root, 'docker/prometheus/rules', `${name}.yml`), 'utf8');
const alerts = (parse(ruleFile('alerts')) as { groups: { rules: Alert[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
const environments = renderedEnvironments();
const managed = (environment: string, stack: 'infra' | 'app', type: string) =>
  resourcesOf(environment, stack).filter(
    (resource) => resource.mode === 'managed' && resource.type === type,
  );
const isAlertAlarm = ({ address }: RenderedResource) => address.includes('module.alarms.');

function seconds(duration: string): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(duration) ?? [];
  assert.ok(count, `expected whole minutes or hours, got ${duration}`);
  return Number(count) * (unit === 'h' ? 3600 : 60);
}

/**
 * Parses `name > a * b`, with the window in the name or in brackets, and `absent(…)`. The part after an `or` covers what a
 * scrape misses; CloudWatch does not scrape, so it is ignored. So is what an `unless` grants to single instances.
 */
function conditionsOf({ expr }: Alert): Condition[] {
  if (expr.startsWith('absent('))
    return [{ windowSeconds: 0, comparison: 'LessThanThreshold', threshold: 1 }];
  const [, granted] = /^max by \(\w+\) \((.+?)\s+unless .+\)$/s.exec(expr) ?? [];
  const [scraped = ''] = (granted ?? expr).split(/\s+or\s+/);
  return scraped.split(' and ').map((part) => {
    const [, left, factor, by] = /^(.+) > ([\d.]+)(?: \* ([\d.]+))?$/.exec(part) ?? [];
    assert.ok(left, `expected a comparison, got ${part}`);
    const window = /_rate(\d+[mh])$/.exec(left)?.[1] ?? /\[(\d+[mh])\]/.exec(left)?.[1];
    return {
      windowSeconds: window === undefined ? 0 : seconds(window),
      comparison: 'GreaterThanThreshold',
      threshold: Number(factor) * Number(by ?? 1),
    };
  });
}

interface MetricQuery {
  period: number | null;
  metric: { period: number }[];
}

function periodOf({ values }: RenderedResource): number {
  const queries = values.metric_query as MetricQuery[];
  const periods = new Set(
    queries
      .flatMap(({ period, metric }) => [period, ...metric.map((one) => one.period)])
      .filter(Boolean),
  );
  assert.equal(periods.size, 1, 'expected one period');
  return Number([...periods][0]);
}

test('D-10 the workspace has the rules of the local Prometheus, byte for byte', () => {
  assert.ok(environments.length > 0, 'expected a rendered environment');
  const rendered = environments.flatMap((environment) =>
    managed(environment, 'infra', 'aws_prometheus_rule_group_namespace'),
  );
  assert.ok(rendered.length >= 2, 'expected a rendered environment with a workspace');
  for (const { values } of rendered) assert.equal(values.data, ruleFile(String(values.name)));
});

test('D-10 each alert has an alarm with the same thresholds, times and severity, or a reason why not', () => {
  for (const environment of environments) {
    const simple = managed(environment, 'app', 'aws_cloudwatch_metric_alarm').filter(isAlertAlarm);
    const composite = managed(environment, 'app', 'aws_cloudwatch_composite_alarm');
    const named = (alert: string) => {
      const ends = (name: string) => new RegExp(`-${alert}(-\\d+[mh])?$`).test(name);
      return {
        conditions: simple.filter(({ values }) => ends(String(values.alarm_name))),
        notifying: [...composite, ...simple].find(({ values }) =>
          String(values.alarm_name).endsWith(`-${alert}`),
        ),
      };
    };
    const withoutAlarm: string[] = [];
    for (const alert of alerts) {
      const { conditions, notifying } = named(alert.alert);
      if (notifying === undefined) {
        withoutAlarm.push(alert.alert);
        continue;
      }
      const wanted = conditionsOf(alert);
      assert.equal(conditions.length, wanted.length, alert.alert);
      for (const { windowSeconds, comparison, threshold } of wanted) {
        const found = conditions.find(
          (alarm) => windowSeconds === 0 || periodOf(alarm) === windowSeconds,
        );
        assert.ok(found, `${alert.alert} over ${windowSeconds} s`);
        const period = periodOf(found);
        const forSeconds = alert.for === undefined ? 0 : seconds(alert.for);
        // The condition must hold at each moment of `for`: one window, and as many more as fit into `for`.
        const periods =
          windowSeconds === 0 ? forSeconds / period : 1 + Math.floor(forSeconds / period);
        assert.equal(found.values.evaluation_periods, periods, `${alert.alert}: for`);
        assert.equal(found.values.comparison_operator, comparison, alert.alert);
        assert.ok(Math.abs(Number(found.values.threshold) - threshold) < 1e-9, alert.alert);
      }
      const [action, ...others] = notifying.values.alarm_actions as string[];
      assert.ok(action?.endsWith(`-${alert.labels.severity}`), `${alert.alert} → ${action}`);
      assert.deepEqual(others, []);
      const { description, runbook_url } = alert.annotations;
      assert.equal(notifying.values.alarm_description, `${description} ${runbook_url}`);
    }
    // AWS has no metric for these; modules/alarms/rules.tf says why.
    assert.deepEqual(withoutAlarm, [
      'OrdersWritesRefused',
      'OrdersConsumerStalled',
      'OrdersTopicUnread',
      'OrdersConsumerOutsideGroup',
      'OrdersConsumerLagUnknown',
      'OrdersTopicMissing',
      'OrdersOpenTransaction',
      'OrdersLostToRetention',
      'OrdersPartitionsWait',
      'OrdersSinkDown',
      'OrdersSinkMemoryFull',
      'OrdersDeadLetterBrake',
      'OrdersRegistryStale',
      'OrdersRebalanceStorm',
    ]);
  }
});

test('D-10 a collector scrapes the management port of its service, with the job name that the rules use', () => {
  const { scrape_configs } = parse(
    readFileSync(join(root, 'docker/prometheus/prometheus.yml'), 'utf8'),
  ) as { scrape_configs: { job_name: string; dns_sd_configs: { port: number }[] }[] };
  const local = Object.fromEntries(
    scrape_configs.map(({ job_name, dns_sd_configs: [dns] }) => [job_name, dns?.port]),
  );
  let collectors = 0;
  for (const environment of environments) {
    const app = resourcesOf(environment, 'app');
    for (const service of ['order-producer', 'order-consumer']) {
      const task = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${service}`);
      const [, collector] = JSON.parse(String(task.values.container_definitions)) as {
        environment: { name: string; value: string }[];
      }[];
      if (collector === undefined) continue;
      collectors++;
      const config = parse(
        collector.environment.find(({ name }) => name === 'AOT_CONFIG_CONTENT')?.value ?? '',
      );
      const [scrape, ...others] = config.receivers.prometheus.config.scrape_configs;
      assert.deepEqual(others, []);
      assert.equal(scrape.job_name, service);
      assert.deepEqual(scrape.static_configs, [{ targets: [`127.0.0.1:${local[service]}`] }]);
    }
  }
  assert.ok(collectors >= 2, 'expected a rendered environment with collectors');
});
