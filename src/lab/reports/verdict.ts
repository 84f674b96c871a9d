/**
 * Verdicts in words, shapes and tones. Never colour alone: each tone has its own marker and its own word, so that the report
 * survives a colour-blind reader, a black-and-white printer and a terminal without colour.
 */
import type { Comparison, VerdictKind } from '../experiments/result.ts';
import { finite } from './format.ts';

/** good: what was hoped; partial: in the right direction but off the claim; bad: worse; same: equivalent; open: not decided. */
export type Tone = 'good' | 'partial' | 'bad' | 'same' | 'open';

interface VerdictReading {
  words: string;
  tone: Tone;
}

export const VERDICTS: Record<VerdictKind, VerdictReading> = {
  confirmed: { words: 'confirmed', tone: 'good' },
  improvement: { words: 'better', tone: 'good' },
  'larger-than-claimed': { words: 'larger than claimed', tone: 'good' },
  'smaller-than-claimed': { words: 'smaller than claimed', tone: 'partial' },
  'no-effect': { words: 'no effect', tone: 'same' },
  regression: { words: 'regression', tone: 'bad' },
  undecided: { words: 'undecided', tone: 'open' },
};

export const TONE_GLYPHS: Record<Tone, string> = { good: '▲', partial: '◆', bad: '▼', same: '■', open: '○' };

export function readVerdict(kind: VerdictKind): VerdictReading {
  return VERDICTS[kind] ?? { words: String(kind), tone: 'open' };
}

/** Of two targets neither is the other's regression: a comparison says `worse`, the word for a flag is `regression`. */
export function comparisonVerdictWords(kind: VerdictKind): string {
  return kind === 'regression' ? 'worse' : readVerdict(kind).words;
}

/** `about 18 pairs, 12 more` for an undecided comparison that knows it; empty otherwise. */
export function pairsNeededWords(comparison: Pick<Comparison, 'verdict' | 'pairs' | 'pairsNeeded'>): string {
  const { verdict, pairs, pairsNeeded } = comparison;
  if (verdict !== 'undecided' || !finite(pairsNeeded)) return '';
  const needed = Math.ceil(pairsNeeded);
  return needed > pairs
    ? `needs about ${needed} pairs, ${needed - pairs} more`
    : `needs about ${needed} pairs`;
}
