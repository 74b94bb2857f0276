import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  ConstantVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { prometheus } from './panel.ts';

/** A dashboard with the variables `instance` and `topic`, both "all" at first, with values from PromQL's `label_values`. */
export function board(options: {
  uid: string;
  title: string;
  description: string;
  instances: string;
  topics: string;
  panels: Builder<Panel>[];
}): Dashboard {
  const built = new DashboardBuilder(options.title)
    .uid(options.uid)
    .description(options.description)
    .tags(['order-stream'])
    .readonly()
    .timezone('browser')
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .link(
      new DashboardLinkBuilder('Order stream')
        .type(DashboardLinkType.Dashboards)
        .tags(['order-stream'])
        .asDropdown(false)
        .includeVars(false)
        .keepTime(true),
    )
    .withVariable(valuesOf('instance', options.instances))
    .withVariable(valuesOf('topic', options.topics))
    // URL of docs/runbook.md. compose.yml mounts it beside Grafana's own pages.
    .withVariable(new ConstantVariableBuilder('runbook').value('/public/runbook.md'));
  for (const panel of options.panels) built.withPanel(panel);
  const dashboard = built.build();
  dashboard.panels?.forEach((panel, index) => {
    if ('targets' in panel) panel.id = index + 1;
  });
  return dashboard;
}

function valuesOf(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(prometheus)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}
