/**
 * Which experiments a session runs: those named, or those that can be run here and were not left to be named.
 *
 * An experiment that judges a flag exists before the flag does. Named, it is refused with the reason; unnamed, it is left out and said so. The
 * day the flag can be switched on it runs, without a change here.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AVAILABLE_FLAGS, FLAGS } from '../flags/registry.ts';
import type { ExperimentDefinition } from '../lab/experiments/definition.ts';
import { projectDirectory, UsageError } from './labSession.ts';

export const experimentsDirectory = path.join(projectDirectory, 'experiments');

/** Every folder of `experiments/` that holds a definition, headline first, then by name. */
export async function loadDefinitions(directory: string): Promise<ExperimentDefinition[]> {
  const files = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(directory, entry.name, 'definition.ts'))
    .filter((file) => existsSync(file))
    .sort();
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(file).href) as Promise<{ definition: ExperimentDefinition }>),
  );
  const definitions = modules.map(({ definition }) => definition);
  return [
    ...definitions.filter(({ id }) => id === 'headline'),
    ...definitions.filter(({ id }) => id !== 'headline'),
  ];
}

/** Why the experiment cannot run in this version; undefined if it can. */
export function unavailability({ id, flag }: ExperimentDefinition): string | undefined {
  if (flag === undefined || AVAILABLE_FLAGS.some(({ name }) => name === flag)) return undefined;
  const state = FLAGS.some(({ name }) => name === flag)
    ? 'is planned and cannot be switched on in this version'
    : 'is not in this version';
  return `experiment ${id} judges the flag ${flag}, which ${state}`;
}

export interface Choice {
  definitions: ExperimentDefinition[];
  /** What was not named and is not run, a line each. */
  leftOut: string[];
}

/** @throws UsageError if an experiment is named that is not there or cannot run. */
export function chooseDefinitions(all: readonly ExperimentDefinition[], ids: readonly string[]): Choice {
  const unknown = ids.filter((id) => !all.some((definition) => definition.id === id));
  if (unknown.length > 0) {
    throw new UsageError(
      `no experiment ${unknown.join(', ')}; there are: ${all.map(({ id }) => id).join(', ')}`,
    );
  }
  if (ids.length > 0) {
    const definitions = all.filter(({ id }) => ids.includes(id));
    const reason = definitions.map(unavailability).find((each) => each !== undefined);
    if (reason !== undefined) throw new UsageError(reason);
    return { definitions, leftOut: [] };
  }
  const planned = all.filter((definition) => unavailability(definition) !== undefined);
  const studies = all.filter(({ study }) => study === true);
  const listed = (definitions: readonly ExperimentDefinition[]): string =>
    definitions.map(({ id }) => id).join(', ');
  return {
    definitions: all.filter((definition) => !planned.includes(definition) && !studies.includes(definition)),
    leftOut: [
      ...(planned.length === 0 ? [] : [`Left out, their flags are not in this version: ${listed(planned)}`]),
      ...(studies.length === 0 ? [] : [`Left out, name them to run them: ${listed(studies)}`]),
    ],
  };
}
