/** LATENCY GRAPH's drawing: one column a sample, three steps a row, under each column its age read downwards. */

export interface SparklineColumn {
  readonly value: number;
  readonly label: string;
}

const STEPS = '_o#';
const BELOW_TOP = '|';
const ROWS = 4;
/** Columns of one line of drawing; more samples continue below. */
export const SPARKLINE_COLUMNS = 80;

export function sparkline(columns: readonly SparklineColumn[]): string {
  const values = columns.map(({ value }) => value);
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const stepsInAll = STEPS.length * ROWS;
  let drawing = '';
  for (let from = 0; from < columns.length; from += SPARKLINE_COLUMNS) {
    const part = columns.slice(from, from + SPARKLINE_COLUMNS);
    const heights = part.map(({ value }) =>
      Math.min(stepsInAll - 1, Math.floor(((value - low) * stepsInAll) / range)),
    );
    for (let row = ROWS - 1; row >= 0; row--) {
      const line = heights.map((height) => {
        const step = height - row * STEPS.length;
        return step < 0 ? ' ' : (STEPS[step] ?? BELOW_TOP);
      });
      // A row that nothing reaches is not drawn.
      if (line.some((character) => character !== ' ')) drawing += `${line.join('')}\n`;
    }
    drawing += `${' '.repeat(part.length)}\n`;
    const labelRows = Math.max(...part.map(({ label }) => label.length));
    for (let row = 0; row < labelRows; row++)
      drawing += `${part.map(({ label }) => label[row] ?? ' ').join('')}\n`;
  }
  return drawing;
}
