import { describe, expect, it } from 'vitest';
import { fixtureSession } from './sessionFixture.ts';
import { svgFaults } from './svgFaults.ts';
import { renderVerdictPicture } from './verdictPicture.ts';

const session = fixtureSession({ seed: 11 });
const pictures = session.experiments.map(
  (experiment) => [experiment.id, renderVerdictPicture(session, experiment)] as const,
);

describe('the picture of an experiment', () => {
  it.each(pictures)('%s is well-formed, whole and needs nothing else', (_id, picture) => {
    expect(svgFaults(picture!)).toEqual([]);
    expect(picture).not.toMatch(/href|url\(|unknown|undefined|NaN/);
  });

  it('has a row for each deciding comparison and says its ratio', () => {
    for (const experiment of session.experiments) {
      const picture = renderVerdictPicture(session, experiment)!;
      const deciding = experiment.comparisons.filter(({ scenarioId, metric }) =>
        experiment.scenarios.some(({ id, decides }) => id === scenarioId && decides.includes(metric)),
      );
      expect(picture.match(/class="whisker/g)!.length).toBeGreaterThanOrEqual(deciding.length);
      for (const { ratio } of deciding) expect(picture).toContain(`${ratio.estimate.toPrecision(3)}×`);
    }
  });

  it('is left out where nothing was compared', () => {
    expect(renderVerdictPicture(session, { ...session.experiments[0]!, comparisons: [] })).toBeUndefined();
  });
});
