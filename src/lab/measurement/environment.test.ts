import { describe, expect, it } from 'vitest';
import { collectEnvironment, type EnvironmentSources, type SessionFacts } from './environment.ts';

const session: SessionFacts = {
  evenkeelVersion: '0.1.0',
  seed: 7,
  stealShare: 0.01,
  commandLine: 'make experiment SEED=7',
  startedAtIso: '2026-01-02T03:04:05.000Z',
  durationSec: 12,
};

const files: Record<string, string> = {
  '/proc/cpuinfo':
    'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9000\n\nprocessor\t: 1\nmodel name\t: AMD EPYC 9000\n',
  '/proc/version': 'Linux version 6.18.44 (builder@host) (gcc (GCC) 15.3.0) #1 SMP\n',
  '/proc/meminfo': 'MemTotal:       24684092 kB\nMemFree:        24066224 kB\n',
};

function sources(more: Partial<EnvironmentSources> = {}, status = ''): EnvironmentSources {
  return {
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT ${path}`);
      return text;
    },
    git: (args) => (args[0] === 'rev-parse' ? '0123456789abcdef\n' : status),
    versions: { node: '24.21.0', v8: '13.6' },
    cpuCount: 2,
    ...more,
  };
}

const refuse = (): never => {
  throw new Error('not here');
};

describe('environment fingerprint', () => {
  it('names the machine, the commit and the session', () => {
    expect(collectEnvironment(sources(), session)).toEqual({
      cpuModel: 'AMD EPYC 9000',
      cpuCount: 2,
      memoryBytes: 24684092 * 1024,
      kernel: 'Linux 6.18.44',
      node: '24.21.0',
      v8: '13.6',
      gitSha: '0123456789abcdef',
      gitDirty: false,
      ...session,
    });
  });

  it('calls a changed tree dirty', () => {
    expect(collectEnvironment(sources({}, ' M src/a.ts\n'), session).gitDirty).toBe(true);
    const withoutCommit = (args: readonly string[]) => (args[0] === 'rev-parse' ? refuse() : '');
    expect(collectEnvironment(sources({ git: withoutCommit }), session).gitDirty).toBe(true);
  });

  it('says unknown rather than guess, and never clean', () => {
    const environment = collectEnvironment(sources({ readText: refuse, git: refuse }), session);
    expect(environment).toMatchObject({
      cpuModel: 'unknown',
      kernel: 'unknown',
      gitSha: 'unknown',
      gitDirty: true,
      memoryBytes: 0,
    });
  });

  it('names an ARM core by its numbers where there is no name', () => {
    const readText = () => 'processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n';
    expect(collectEnvironment(sources({ readText }), session).cpuModel).toBe(
      'CPU implementer 0x41 part 0xd0c',
    );
  });
});
