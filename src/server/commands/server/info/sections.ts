/** INFO: which sections are printed for which words, in Redis's order. */
import type { CommandContext } from '../../command.ts';
import { clientsSection, keyspaceSection, serverSection } from './generalSections.ts';
import { memorySection } from './memorySection.ts';
import { shardsSection } from './shardsSection.ts';
import {
  clusterSection,
  cpuSection,
  modulesSection,
  persistenceSection,
  replicationSection,
} from './stateSections.ts';
import {
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  statsSection,
} from './statsSections.ts';

interface Section {
  /** The word that asks for it. */
  readonly name: string;
  readonly title: string;
  /** Printed by a bare INFO; `all` and `everything` print every section. */
  readonly isDefault: boolean;
  readonly lines: (context: CommandContext) => string[];
}

const SECTIONS: readonly Section[] = [
  { name: 'server', title: 'Server', isDefault: true, lines: serverSection },
  { name: 'clients', title: 'Clients', isDefault: true, lines: clientsSection },
  { name: 'memory', title: 'Memory', isDefault: true, lines: memorySection },
  { name: 'persistence', title: 'Persistence', isDefault: true, lines: persistenceSection },
  { name: 'stats', title: 'Stats', isDefault: true, lines: statsSection },
  { name: 'replication', title: 'Replication', isDefault: true, lines: replicationSection },
  { name: 'cpu', title: 'CPU', isDefault: true, lines: cpuSection },
  { name: 'modules', title: 'Modules', isDefault: true, lines: modulesSection },
  { name: 'commandstats', title: 'Commandstats', isDefault: false, lines: commandStatsSection },
  { name: 'errorstats', title: 'Errorstats', isDefault: true, lines: errorStatsSection },
  { name: 'latencystats', title: 'Latencystats', isDefault: false, lines: latencyStatsSection },
  { name: 'cluster', title: 'Cluster', isDefault: true, lines: clusterSection },
  { name: 'shards', title: 'Shards', isDefault: false, lines: shardsSection },
  { name: 'keyspace', title: 'Keyspace', isDefault: true, lines: keyspaceSection },
];

/** @param words in lower case; none asks for the default sections. Unknown ones ask for nothing. */
export function renderInfo(context: CommandContext, words: readonly string[]): string {
  const all = words.includes('all') || words.includes('everything');
  const byDefault = words.length === 0 || words.includes('default');
  const wanted = SECTIONS.filter(({ name, isDefault }) => {
    // Redis knows the list of modules by a second word.
    const isNamed = words.includes(name) || (name === 'modules' && words.includes('module_list'));
    return all || isNamed || (byDefault && isDefault);
  });
  return wanted
    .map(
      ({ title, lines }) =>
        `# ${title}\r\n${lines(context)
          .map((line) => `${line}\r\n`)
          .join('')}`,
    )
    .join('\r\n');
}
