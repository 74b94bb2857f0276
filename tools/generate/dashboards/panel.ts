import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source of docker/grafana/provisioning. On AWS it has the same uid. */
export const prometheus = { type: 'prometheus', uid: 'prometheus' };

interface PanelText {
  title: string;
  /** Grafana's id of the unit, from `@grafana/grafana-foundation-sdk/units`. */
  unit: string;
  /** What the panel shows, and what a rise means. */
  description: string;
  /** The section of docs/runbook.md about an unusual value. */
  runbook: string;
}

/** One current number, a quarter of the width. */
export function stat({ query, ...text }: PanelText & { query: string }): StatBuilder {
  return furnish(new StatBuilder().height(4).span(6).min(0), text, { [text.title]: query });
}

/**
 * Lines over time: a third of the width.
 * @param panel.queries legend → query
 */
export function lines({
  queries,
  ...text
}: PanelText & { queries: Readonly<Record<string, string>> }): TimeseriesBuilder {
  const legend = new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
  const tooltip = new VizTooltipOptionsBuilder()
    .mode(TooltipDisplayMode.Multi)
    .sort(SortOrder.Descending);
  const panel = new TimeseriesBuilder().height(8).span(8).min(0).legend(legend).tooltip(tooltip);
  return furnish(panel, text, queries);
}

function furnish<Panel extends StatBuilder | TimeseriesBuilder>(
  panel: Panel,
  { title, unit, description, runbook }: PanelText,
  queries: Readonly<Record<string, string>>,
): Panel {
  panel.title(title).unit(unit).description(description).datasource(prometheus);
  panel.links([
    new DashboardLinkBuilder(`Runbook: ${runbook}`)
      .type(DashboardLinkType.Link)
      .url(`\${runbook}#${runbook.toLowerCase()}`)
      .targetBlank(true),
  ]);
  Object.entries(queries).forEach(([legend, expr], index) => {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index);
    panel.withTarget(
      new DataqueryBuilder()
        .refId(refId)
        .datasource(prometheus)
        .expr(expr)
        .legendFormat(legend)
        .range(),
    );
  });
  return panel;
}
