/** The flamegraph of one side, or the difference of two, as a page: its script and style come from `profiling/page`. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { renderFlamegraph } from '../profiling/flamegraphHtml.ts';
import { differentialNodes, flameNodes } from '../profiling/flameNodes.ts';
import { type Side, type TopFunction, topFunctions } from '../profiling/topFunctions.ts';
import { projectDirectory } from './labSession.ts';

export interface FlamegraphFile {
  /** The whole document. */
  readonly page: string;
  /** The one script in it that runs. */
  readonly script: string;
}

const TOP_FRAMES = 15;

/** @param sides one, or the reference and the candidate. */
export function flamegraphPage(
  title: string,
  facts: readonly string[],
  sides: readonly Side[],
): FlamegraphFile {
  const { candidate, before } = roles(sides);
  const script = stripTypeScriptTypes(pageFile('flamegraph.ts'));
  const page = renderFlamegraph({
    title,
    facts,
    root:
      before === undefined
        ? flameNodes(candidate.tree, candidate.perUnit)
        : differentialNodes(before, candidate),
    unit: candidate.unit,
    top: topOf(sides),
    valueNames: sides.map(({ name, unit }) => `${name}, ${unit}`),
    script,
    style: pageFile('flamegraph.css'),
  });
  return { page, script };
}

/** The functions that matter most, for the terminal. */
export function topFunctionsText(sides: readonly Side[]): string {
  const { candidate, before } = roles(sides);
  const figure = (value: number): string => value.toPrecision(3).padStart(9);
  return [
    `${before === undefined ? 'Most own time' : `Largest differences of own time, ${before.name} -> ${candidate.name}`}, ${candidate.unit}:`,
    ...topOf(sides).map(
      ({ name, location, values, share }) =>
        `  ${values.map(figure).join(' ->')}  ${(share * 100).toFixed(1).padStart(5)} %  ${name}  ${location}`,
    ),
  ].join('\n');
}

function topOf(sides: readonly Side[]): TopFunction[] {
  const { candidate, before } = roles(sides);
  return topFunctions(candidate, before, TOP_FRAMES);
}

function roles(sides: readonly Side[]): { candidate: Side; before: Side | undefined } {
  return { candidate: sides.at(-1)!, before: sides.length > 1 ? sides[0] : undefined };
}

const pageFile = (name: string): string =>
  readFileSync(path.join(projectDirectory, 'src/profiling/page', name), 'utf8');
