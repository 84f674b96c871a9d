/** The confusion matrix as a Markdown table: faults down, causes across, shares of the tail's time. */
import { type ConfusionRow, TRUE_SHARE_MIN } from './confusionMatrix.ts';
import { CULPRIT, type Fault } from './faults.ts';

/** In the order of columns. */
const COLUMNS: readonly [string, string][] = [
  ['gc', 'garbage collection'],
  ['run-queue', 'waiting for a core'],
  [CULPRIT, 'the injected command'],
  ['fsync', 'fsync'],
  ['expiry', 'expiry'],
  ['eviction', 'eviction'],
  ['release', 'release'],
  ['tick', 'housekeeping'],
  ['execution', 'own execution'],
  ['ahead', 'others ahead'],
  ['unexplained', 'unexplained'],
];

const percent = (share: number | undefined): string =>
  share === undefined || share < 0.0005 ? '·' : `${(share * 100).toFixed(1)} %`;

export function renderConfusion(rows: readonly ConfusionRow[], faults: readonly Fault[]): string {
  const head = ['Injected', 'Times', 'Slow requests', ...COLUMNS.map(([, name]) => name), 'True cause'];
  const lines = rows.map((row) => {
    const fault = faults.find(({ id }) => id === row.fault)!;
    const cells = COLUMNS.map(([cause]) => {
      const text = percent(row.shares[cause]);
      return fault.causes.includes(cause) ? `**${text}**` : text;
    });
    const mark = row.requests === 0 ? 'no tail' : row.trueShare >= TRUE_SHARE_MIN ? '✓' : '✗';
    return [
      `${fault.title}: ${fault.how}`,
      String(row.injections),
      row.requests.toLocaleString('en'),
      ...cells,
      `${(row.trueShare * 100).toFixed(1)} % ${mark}`,
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map(line).join('\n');
}
