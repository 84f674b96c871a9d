import type { CommandSpec } from '../../command.ts';

export const configRewrite: CommandSpec = {
  name: 'rewrite',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Writes the configuration in force to the configuration file.',
    since: '2.8.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const { reply, server } = context;
    const path = server.identity.configFile;
    if (path === '') return reply.error('ERR The server is running without a config file');
    try {
      // With an ACL file it is there that users are kept.
      const hasFile = server.configuration.text('aclfile') !== '';
      const users = hasFile ? [] : server.access.users.all().map((user) => `${user.name} ${user.describe()}`);
      const text = server.configuration.rewrite(server.files.readText(path), users);
      const startUs = server.clock.monotonicUs();
      server.files.replaceText(path, text);
      if (server.fsyncDelayMs > 0) server.sleepBlocking(server.fsyncDelayMs);
      // As in Redis it waits for the disk; beside that, writing and renaming take nothing.
      server.probe.worked('fsync', startUs, server.clock.monotonicUs(), text.length);
    } catch (problem) {
      const reason = problem instanceof Error ? problem.message : String(problem);
      server.log.write('warning', `CONFIG REWRITE failed: ${reason}`);
      return reply.error(`ERR Rewriting config file: ${reason}`);
    }
    server.log.write('notice', 'CONFIG REWRITE executed with success.');
    reply.ok();
  },
};
