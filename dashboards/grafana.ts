/** A dashboard's definition as Grafana's JSON, by Grafana's own builders. */
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphGradientMode,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
  SortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardDefinition, PanelDefinition } from './definitions.ts';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const HEIGHTS: Record<PanelDefinition['kind'], number> = { stat: 4, timeseries: 8, heatmap: 10, table: 6 };

export function grafanaDashboard({ uid, title, description, rows }: DashboardDefinition): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['evenkeel'])
    .timezone('browser')
    .refresh('10s')
    .time({ from: 'now-30m', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Server')
        .datasource(DATASOURCE)
        .query('label_values(evenkeel_build_info, instance)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .includeAll(true)
        .multi(true)
        .allValue('.*'),
    );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panelOf(panel));
  }
  return builder.build();
}

function panelOf(definition: PanelDefinition): cog.Builder<Panel> {
  switch (definition.kind) {
    case 'stat':
      return common(new StatBuilder(), definition);
    case 'table':
      return common(new TableBuilder(), definition);
    case 'heatmap':
      return common(new HeatmapBuilder().calculate(false).cellGap(0), definition);
    case 'timeseries':
      return timeseries(common(new TimeseriesBuilder(), definition), definition);
  }
}

/** What all builders of panels have. */
interface PanelBuilder {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: typeof DATASOURCE): this;
  unit(unit: string): this;
  span(columns: number): this;
  height(rows: number): this;
  withTarget(target: DataqueryBuilder): this;
}

function common<Builder extends PanelBuilder>(builder: Builder, definition: PanelDefinition): Builder {
  const { title, description, kind, unit, queries, width } = definition;
  builder
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(width)
    .height(HEIGHTS[kind]);
  queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .datasource(DATASOURCE)
      .expr(expr)
      .legendFormat(legend);
    if (kind === 'heatmap') query.format(PromQueryFormat.Heatmap);
    if (kind === 'table') query.format(PromQueryFormat.Table).instant();
    else query.range();
    builder.withTarget(query);
  });
  return builder;
}

function timeseries(builder: TimeseriesBuilder, { stacked, logarithmic }: PanelDefinition): TimeseriesBuilder {
  builder
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Never)
    .legend(new VizLegendOptionsBuilder().showLegend(true).calcs(['lastNotNull', 'max']))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (logarithmic) builder.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  return builder;
}
