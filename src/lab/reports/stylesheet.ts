/**
 * The report's only stylesheet, inline. System fonts (no request), two palettes by `prefers-color-scheme`, print always on white.
 * Targets and verdicts have separate hues: a target's colour says who, a verdict's says what, and neither is read without its shape.
 * Verdicts are blue and orange, which every common colour deficiency tells apart.
 */
export const PALETTE = `:root{color-scheme:light;--paper:#fff;--sheet:#f6f7f9;--ink:#16191f;--soft:#555d6b;--line:#d9dde4;--hair:#e8ebf0;
--good:#0a5ca8;--partial:#00756f;--bad:#b34700;--same:#5a6270;--open:#7a5b00;--band:#dfe3ea;--claim:#e9defa;--claim-line:#8a63c9;
--s0:#6433b8;--s1:#3d4450;--s2:#00857a;--s3:#b3317e;--s4:#a35c00;--s5:#1f6fc4;--s6:#6b7d00;--s7:#8d5a4a;--heat:#fbfcfd}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#12151b;--sheet:#1a1f28;--ink:#e9ecf2;--soft:#a3acba;--line:#333b48;--hair:#252c37;
--good:#6db3f8;--partial:#4fd0c4;--bad:#ff9d5c;--same:#b3bbc8;--open:#e3c15c;--band:#2a323f;--claim:#33284d;--claim-line:#a98ae6;
--s0:#b394f5;--s1:#c9cfda;--s2:#3fcab9;--s3:#f28cc4;--s4:#f2ad57;--s5:#7db8f7;--s6:#c3d45a;--s7:#d9a796;--heat:#0c0f14}.on-light{display:none}}
@media not screen,(prefers-color-scheme:light){.on-dark{display:none}}`;

/** Dots, whiskers, axes. */
export const FOREST_RULES = `text{fill:var(--ink);font-size:12px}
.tick{fill:var(--soft);font-size:11px}
.grid{stroke:var(--line);stroke-width:1;shape-rendering:crispEdges}
.grid.minor{stroke:var(--hair)}
.forest .grid{stroke:var(--hair)}
.forest .unity{stroke:var(--soft);stroke-width:1;shape-rendering:crispEdges}
.forest .band{fill:var(--band)}
.forest .claim{fill:var(--claim);stroke:var(--claim-line);stroke-width:1}
.forest .limit{fill:none;stroke:var(--ink);stroke-width:1.5}
.whisker{stroke:currentColor;stroke-width:1.8;fill:none}
.dot{fill:currentColor;stroke:var(--paper);stroke-width:1}
.whisker.good,.dot.good{color:var(--good)}.whisker.partial,.dot.partial{color:var(--partial)}.whisker.bad,.dot.bad{color:var(--bad)}.whisker.same,.dot.same{color:var(--same)}.whisker.open,.dot.open{color:var(--open)}
.dot.open{fill:var(--paper);stroke:currentColor;stroke-width:1.8}`;

export const STYLESHEET = `
${PALETTE}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:1160px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:15px;font-weight:600;letter-spacing:.02em;color:var(--soft);margin:0 0 12px}
h2{font-size:23px;line-height:1.25;margin:0 0 6px;letter-spacing:-.01em}
h3{font-size:16px;line-height:1.35;margin:32px 0 6px}
h4{font-size:14px;margin:20px 0 4px}
p{margin:0 0 12px}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
section{margin-top:64px;scroll-margin-top:16px}
.intro{color:var(--soft);max-width:75ch}
.note,.unit,.muted,.range,.needed,.a{color:var(--soft)}
.note{font-size:12.5px;margin:6px 0 0}
.empty{color:var(--soft);font-style:italic}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.notices{list-style:none;margin:0 0 24px;padding:0;display:grid;gap:6px}
.notices li{display:flex;gap:10px;align-items:baseline;font-size:14px}
.notices li>span:last-child{min-width:0}
.notices .stop,.notices .warn{background:var(--sheet);border-left:3px solid var(--open);padding:8px 12px}
.notices .stop{border-color:var(--bad)}
.notices .fact{padding:0 15px}
.notice-mark{flex:none;width:1em;text-align:center;font-weight:700;color:var(--good)}
.warn .notice-mark{color:var(--open)}.stop .notice-mark{color:var(--bad)}
.lead{font-size:27px;line-height:1.28;font-weight:600;letter-spacing:-.015em;max-width:min(100%,960px);margin:0 0 14px}
.sub-lead{margin:0 0 22px;padding:0;list-style:none;color:var(--soft);display:grid;gap:3px;max-width:95ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px}
.tile{background:var(--sheet);border-radius:8px;padding:14px 16px;display:flex;flex-direction:column;gap:2px;min-width:0}
.tile-subject{font-size:13.5px;font-weight:600;line-height:1.3}
.tile-where{font-size:12.5px;line-height:1.35;color:var(--soft);flex:1}
.tile-ratio{font-size:34px;line-height:1.15;font-weight:650;letter-spacing:-.02em}
.tile-range,.tile-pair{font-size:12.5px;color:var(--soft)}
.tile .chip{margin:4px 0;align-self:flex-start}
.chip{display:inline-flex;align-items:center;gap:5px;font-size:13px;font-weight:600;white-space:nowrap}
.chip.good{color:var(--good)}.chip.partial{color:var(--partial)}.chip.bad{color:var(--bad)}.chip.same{color:var(--same)}.chip.open{color:var(--open)}
.tone-mark,.target-mark{flex:none;vertical-align:-1px}
.target-mark{margin-right:6px}
nav{margin-top:28px;padding:10px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13.5px}
nav a{text-decoration:none;color:var(--soft)}nav a:hover{color:var(--ink);text-decoration:underline}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:12.5px;color:var(--soft);margin:4px 0 0}
.legend span{display:inline-flex;align-items:center;gap:5px}
.legend .target-mark{margin:0}
.band-key{width:14px;height:14px;background:var(--band);display:inline-block}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.35}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;font-weight:400}
thead th{font-size:12px;color:var(--soft);vertical-align:bottom;padding-bottom:3px;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
.num{text-align:right}
tbody th{font-weight:600}
.fold tr.first>*{border-top:1px solid var(--hair)}
.fold tbody tr:first-child>*{border-top:0}
.fold td.forest-cell,.fold th.forest-cell{padding-left:4px;padding-right:14px;padding-top:0;padding-bottom:0;vertical-align:middle}
.fold tbody td.forest-cell{vertical-align:top;padding-top:3px}
.comparisons{table-layout:fixed}
.comparisons th:nth-child(1){width:14.5%}.comparisons th:nth-child(2){width:16.5%}.comparisons th:nth-child(3){width:11.5%}.comparisons th:nth-child(4){width:9.5%}
.comparisons th:nth-child(5){width:18.5%}.comparisons th:nth-child(6){width:11.5%}.comparisons th:nth-child(7){width:4.5%}.comparisons th:nth-child(8){width:6.5%}.comparisons th:nth-child(9){width:7%}
.more .metric>*{display:none!important}
.direction{color:var(--soft);font-weight:400}
.metric .unit,.range,.needed,.a{font-size:12px;font-weight:400}
.ratio .range,.pair .a,.needed,.metric .unit,td>.unit{display:block}
.medians b,.ratio b{font-weight:600}
.comparisons .chip{white-space:normal;align-items:flex-start;line-height:1.3}
.comparisons .chip svg{margin-top:2px}
.pair .b{display:flex;align-items:baseline}
.pair .b .target-mark{align-self:center}
.pair .a{padding-left:17px}
.budgets,.claims{table-layout:fixed}
.budgets th:nth-child(1){width:26%}.budgets th:nth-child(2){width:18%}.budgets th:nth-child(3){width:9%}.budgets th:nth-child(4){width:22%}.budgets th:nth-child(5){width:16%}.budgets th:nth-child(6){width:9%}
.claims th:nth-child(1){width:14%}.claims th:nth-child(2){width:25%}.claims th:nth-child(3){width:25%}.claims th:nth-child(4){width:20%}.claims th:nth-child(5){width:16%}
.verdict{padding-left:0}
svg{display:block;overflow:visible}
.chip svg,.legend svg,.pair svg{display:inline-block}
${FOREST_RULES}
.t0{--c:var(--s0)}.t1{--c:var(--s1)}.t2{--c:var(--s2)}.t3{--c:var(--s3)}.t4{--c:var(--s4)}.t5{--c:var(--s5)}.t6{--c:var(--s6)}.t7{--c:var(--s7)}
.line{fill:none;stroke:var(--c);stroke-width:2.2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.line.t1{stroke-dasharray:7 4}.line.t2{stroke-dasharray:2 3}.line.t3{stroke-dasharray:9 3 2 3}.line.t5{stroke-dasharray:7 4}.line.t6{stroke-dasharray:2 3}.line.t7{stroke-dasharray:9 3 2 3}
.ribbon{fill:var(--c);opacity:.17;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.line.faint{stroke-width:1.2;opacity:.55}
.leader{fill:none;stroke:var(--c);stroke-width:1;opacity:.6}
.end-label{fill:var(--c);font-size:12px;font-weight:600}
.end-label tspan+tspan{font-weight:400}
.mark{fill:var(--c);stroke:var(--paper);stroke-width:1}
.mark.hollow{fill:var(--paper);stroke:var(--c);stroke-width:1.8}
.bar{fill:var(--c);print-color-adjust:exact;-webkit-print-color-adjust:exact}.bar.base{fill:color-mix(in srgb,var(--c) 36%,var(--paper))}
.bar-name{font-weight:600}.bar-value{fill:var(--soft)}
.halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:36px 40px;margin-top:16px}
figure{margin:0;min-width:0;break-inside:avoid}
figure.wide{grid-column:1/-1}
figcaption{font-size:14px;font-weight:600;line-height:1.35;margin-bottom:10px}
.plot{padding-left:56px}
.y-title,.x-title{font-size:11.5px;color:var(--soft)}
.y-title{margin:0 -96px 8px -56px}
.x-title{margin-top:22px;text-align:center}
.heat-plot{padding-right:2px;margin-bottom:16px}
.heat-plot .y-title{margin-right:0}
.heat-plot .y-title b{color:var(--ink);font-size:12.5px}
.heat-title{margin:0 0 0 56px;text-align:left}
.heat-difference{margin-top:22px}
.heat-difference .note{max-width:85ch;margin-left:56px}
.heat{image-rendering:pixelated}
.panel{fill:var(--heat);stroke:var(--line);stroke-width:1}
.heat-grid{stroke:var(--soft);opacity:.25;shape-rendering:crispEdges}
.block-start{stroke:var(--soft);stroke-width:1;opacity:.55;shape-rendering:crispEdges}
.heat-legend{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;font-size:11.5px;color:var(--soft);margin:0 0 14px}
.heat-legend span:first-child{margin-right:8px}
.heat-bar{width:160px;height:10px;border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.flamegraph{width:100%;height:min(860px,88vh);border:1px solid var(--line);border-radius:8px;resize:vertical}
details{margin:14px 0 0}
summary{cursor:pointer;font-size:13.5px;color:var(--soft)}
summary:hover{color:var(--ink)}
.experiment{border-top:1px solid var(--hair);padding-top:10px;margin-top:10px}
.experiment>summary{color:var(--ink);font-size:14px}
.experiment>summary .chip{margin-left:12px;vertical-align:-3px}
.question{color:var(--soft);margin:10px 0;max-width:80ch}
dl{margin:10px 0}dt{font-weight:600}dd{margin:0}
.claim-facts div{display:grid;grid-template-columns:90px 1fr;font-size:13.5px}
.explainer{margin-top:10px}
.explainer dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:14px 36px;font-size:13.5px;max-width:1000px}
.explainer dd{color:var(--soft)}
.scroll{overflow-x:auto;max-width:100%}
.plain{width:auto;max-width:100%}
.plain td,.plain th{padding-right:22px;border-bottom:1px solid var(--hair)}
.plain td.num,.plain th.num{white-space:nowrap}
.code,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:12px}
td.code{overflow-wrap:anywhere;min-width:180px}
.command{background:var(--sheet);border-radius:6px;padding:12px 14px;white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0}
.rules{font-size:13.5px;padding-left:20px}
footer{margin-top:64px;padding-top:12px;border-top:1px solid var(--line);font-size:12.5px;color:var(--soft)}
@media screen and (max-width:1080px){
.fold,.fold tbody,.fold thead,.fold tr,.fold th,.fold td{display:block;width:auto!important}
.fold thead th{display:none}
.fold thead th.forest-cell{display:block;border:0;position:static;padding:0 4px}
.fold tr{display:flex;flex-wrap:wrap;align-items:baseline;column-gap:14px;padding:9px 0}
.fold thead tr{padding:0}
.fold tr.first>*{border-top:0}
.fold tbody tr{border-top:1px solid var(--hair)}
.fold tr>*{padding:1px 0;text-align:left}
.fold tbody th,.fold .pair{flex:1 1 100%}
.more .metric>*{display:inline!important}
.more .metric-name{font-weight:400;color:var(--soft)}
.needed{display:inline!important;margin-left:8px}
.pair .b{display:inline-flex}
.fold tbody td.forest-cell{flex:1 1 100%;padding:4px}
.fold thead th.forest-cell{flex:1 1 100%}
.pair .a,.ratio .range,.metric .unit{display:inline;padding:0}
.claims td>.unit{display:block}
.budgets td.muted{flex:1 1 100%}
.claims td{flex:1 1 100%}
td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:12px}
}
@media screen and (max-width:820px){
main{padding:20px 16px 48px}
section{margin-top:48px}
.lead{font-size:21px}
.figures{grid-template-columns:minmax(0,1fr)}
.tiles{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}
.tile-ratio{font-size:28px}
.fold .verdict{flex:1 1 100%}
.claim-facts div{grid-template-columns:1fr}
}
@media screen and (max-width:520px){.heat-legend span:first-child{flex-basis:100%}.heat-difference .note{margin-left:0}.tick.alternate{display:none}}
@media print{
main{max-width:none;padding:0}
body{font-size:11px}
table,dl,.claim-facts div,.explainer dl,.notices li,.rules{font-size:9.5px!important}
thead th,.unit,.range,.needed,.a,.note,.code,code,.legend,.chip{font-size:9px!important}
.lead{font-size:18px}.tile-ratio{font-size:22px}h2{font-size:16px}h3{font-size:12.5px;margin-top:18px}h4,figcaption{font-size:11px}
.figures{gap:20px 24px}
h1{font-size:11px}summary{font-size:9.5px!important}
.tiles{grid-template-columns:repeat(4,1fr)}.tile{padding:8px 10px}.tile div{font-size:9px}.tile .tile-ratio{font-size:20px}
.forest .tick{font-size:8px}
section{margin-top:28px}
nav{display:none}
details::details-content{content-visibility:visible;block-size:auto}
tr,figure,.tile{break-inside:avoid}
h2,h3,h4,figcaption{break-after:avoid}
.forest,.bar,.chip,.band-key{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll{overflow:visible}
}
`;
