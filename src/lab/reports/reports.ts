/** What the rest of the laboratory calls: pure drawings of a session and the one effect that stores them. */
export { renderHtml } from './htmlReport.ts';
export { renderMarkdown } from './markdownReport.ts';
export type { Flamegraph } from './sections/flamegraph.ts';
export { renderScorecardText, type TerminalOptions } from './terminalScorecard.ts';
export { renderVerdictPicture } from './verdictPicture.ts';
export { type WrittenReports, writeReports } from './writeReports.ts';
