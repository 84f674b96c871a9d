#!/usr/bin/env node
/** The program: one name, its sub-commands loaded only when asked for, so that `server` starts fast. */
import { Command } from 'commander';
import { keepCompiledCode } from './compileCache.ts';

keepCompiledCode();

const subcommands: Record<string, () => Promise<Command>> = {
  server: async () => (await import('./server.ts')).serverCommand(),
  flags: async () => (await import('./flags.ts')).flagsCommand(),
  experiment: async () => (await import('./experiment.ts')).experimentCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  scorecard: async () => (await import('./scorecard.ts')).scorecardCommand(),
  history: async () => (await import('./history.ts')).historyCommand(),
  dashboard: async () => (await import('./dashboard.ts')).dashboardCommand(),
  attribution: async () => (await import('./attribution.ts')).attributionCommand(),
  gateway: async () => (await import('./gateway.ts')).gatewayCommand(),
  load: async () => (await import('./load.ts')).loadCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  profile: async () => (await import('./profile.ts')).profileCommand(),
};

const program = new Command('evenkeel')
  .description('A laboratory for tail latency: a Redis-compatible server and the instruments that judge it')
  .enablePositionalOptions()
  .showHelpAfterError('(evenkeel --help lists the commands)');

const asked = subcommands[process.argv[2] ?? ''];
for (const load of asked === undefined ? Object.values(subcommands) : [asked])
  program.addCommand(await load());
if (process.argv.length <= 2) program.help();
await program.parseAsync();
