/** From an inspector's profile to what a flamegraph draws. */
import { describe, expect, it } from 'vitest';
import { type CpuProfile, stackSamples } from './cpuProfile.ts';
import { renderFlamegraph } from './flamegraphHtml.ts';
import { differentialNodes, flameNodes } from './flameNodes.ts';
import { splitByMoments } from './moments.ts';
import { treeOf } from './stackTree.ts';
import { topFunctions } from './topFunctions.ts';

const PROJECT = 'file:///work/project/';
const node = (
  id: number,
  functionName: string,
  url: string,
  children: number[] = [],
): CpuProfile['nodes'][number] => ({
  id,
  callFrame: { functionName, url, lineNumber: id },
  children,
});

/** root -> main -> get (leaf), set -> hash; garbage collection; idle. Samples each 1000 us. */
const profile = (samples: number[]): CpuProfile => ({
  nodes: [
    node(1, '(root)', '', [2, 6, 7]),
    node(2, 'main', `${PROJECT}src/main.ts`, [3, 4]),
    node(3, 'get', `${PROJECT}src/get.ts`),
    node(4, 'set', `${PROJECT}src/set.ts`, [5]),
    node(5, 'hash', 'file:///anywhere/node_modules/hash/index.js'),
    node(6, '(garbage collector)', ''),
    node(7, '(idle)', ''),
  ],
  startTime: 10_000,
  endTime: 10_000 + samples.length * 1000,
  samples,
  timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 1000)),
});

describe('samples of a profile', () => {
  it('are stacks with times, outermost first, idle time left out', () => {
    const samples = [...stackSamples(profile([3, 5, 7, 6]), PROJECT)];
    expect(samples.map(({ frames }) => frames.map(({ name }) => name))).toEqual([
      ['main', 'get'],
      ['main', 'set', 'hash'],
      ['garbage collection'],
    ]);
    expect(samples.map(({ weight, atUs }) => [weight, atUs])).toEqual([
      [1000, 10_000],
      [1000, 11_000],
      [1000, 13_000],
    ]);
    expect(samples[1]!.frames.map(({ location, kind }) => [location, kind])).toEqual([
      ['src/main.ts:3', 'project'],
      ['src/set.ts:5', 'project'],
      ['node_modules/hash/index.js:6', 'package'],
    ]);
  });

  it('call what an addon does for the transport a system call, whatever name V8 gives it', () => {
    const url = `${PROJECT}src/ports/real/uring/systemCalls.ts`;
    const nodes = [
      node(1, '(root)', '', [2, 4]),
      node(2, 'enter', url, [3]),
      node(3, 'close', ''),
      node(4, 'now', ''),
    ];
    const samples = [...stackSamples({ ...profile([3, 4]), nodes }, PROJECT)];
    expect(samples.map(({ frames }) => frames.map(({ name }) => name))).toEqual([
      ['enter', 'system call'],
      ['now'],
    ]);
  });
});

describe('a tree of stacks', () => {
  const tree = treeOf('test', stackSamples(profile([3, 3, 3, 5, 4, 6, 6]), PROJECT));

  it('adds up', () => {
    expect(tree.root.total).toBe(7000);
    const nodes = flameNodes(tree, 1);
    const main = nodes.children.find(({ name }) => name === 'main')!;
    expect([main.total, main.self]).toEqual([5000, 0]);
    expect(main.children.map(({ name, total, self }) => [name, total, self])).toEqual([
      ['get', 3000, 3000],
      ['set', 2000, 1000],
    ]);
  });

  it('names the functions with the most own time', () => {
    expect(tree.topFrames(2).map(({ frame, share }) => [frame.name, share])).toEqual([
      ['get', expect.closeTo(3 / 7)],
      ['garbage collection', expect.closeTo(2 / 7)],
    ]);
  });
});

describe('moments', () => {
  it('divide the samples, however they lie to each other', () => {
    const samples = [...stackSamples(profile([2, 3, 4, 5, 3, 4, 5]), PROJECT)];
    const { inside, outside } = splitByMoments(samples, [
      { startUs: 15_000, endUs: 15_500 },
      { startUs: 11_000, endUs: 14_000 },
      { startUs: 11_500, endUs: 12_500 },
    ]);
    expect(inside.map(({ atUs }) => atUs)).toEqual([11_000, 12_000, 13_000, 15_000]);
    expect(outside.map(({ atUs }) => atUs)).toEqual([10_000, 14_000, 16_000]);
    expect(splitByMoments(samples, []).inside).toEqual([]);
  });
});

describe('the functions that matter most', () => {
  it('are those whose own time differs, the vanished included', () => {
    const reference = { tree: treeOf('a', stackSamples(profile([3, 3, 5, 5, 5]), PROJECT)), perUnit: 1 };
    const candidate = { tree: treeOf('b', stackSamples(profile([3, 3, 3, 4]), PROJECT)), perUnit: 1 };
    expect(topFunctions(candidate, reference, 2).map(({ name, values }) => [name, values])).toEqual([
      ['hash', [3000, 0]],
      ['get', [2000, 3000]],
    ]);
    expect(topFunctions(candidate, undefined, 1).map(({ name, share }) => [name, share])).toEqual([
      ['get', 0.75],
    ]);
  });
});

describe('a differential', () => {
  it('keeps what vanished, and compares by request and not by second', () => {
    // Twice the time, at four times the requests: everything takes half as long.
    const reference = { tree: treeOf('a', stackSamples(profile([3, 3, 5, 5]), PROJECT)), perUnit: 1 };
    const candidate = {
      tree: treeOf('b', stackSamples(profile([3, 3, 3, 3, 3, 3, 3, 3]), PROJECT)),
      perUnit: 0.25,
    };
    const nodes = differentialNodes(reference, candidate);
    const main = nodes.children[0]!;
    const [get, set] = main.children;
    expect([get!.before!.total, get!.total]).toEqual([2000, 2000]);
    expect([set!.before!.total, set!.total, set!.width]).toEqual([2000, 0, 2000]);
    expect(main.width).toBe(4000);
    expect(nodes.width).toBeGreaterThanOrEqual(4000);
  });
});

describe('the page', () => {
  it('cannot be broken by a name', () => {
    const evil = profile([3]);
    (evil.nodes[2]!.callFrame as { functionName: string }).functionName =
      '</script><img src=x onerror=alert(1)>';
    const tree = treeOf('all', stackSamples(evil, PROJECT));
    const page = renderFlamegraph({
      title: '<b>title</b>',
      facts: ['a & b'],
      root: flameNodes(tree, 1),
      unit: 'ms',
      top: tree.topFrames(5).map(({ frame, self, share }) => ({ ...frame, values: [self], share })),
      valueNames: ['own'],
      script: 'void 0;',
      style: '',
    });
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>title');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toMatch(/(src|href)="http/);
  });
});
