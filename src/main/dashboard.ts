/** `evenkeel dashboard`: a server, a light load and Prometheus where it is installed, until Ctrl-C; says where to look. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import { OwnedProcess } from '../lab/targets/childProcess.ts';
import { projectDirectory } from './labSession.ts';

interface DashboardOptions {
  port: string;
  httpPort: string;
  prometheusPort: string;
  flags: string;
  rate: string;
}

const program = path.join(projectDirectory, 'src/main/evenkeel.ts');
const READY_TIMEOUT_MS = 20_000;
const POLL_MS = 100;
/** A day: the load ends with the command, not before. */
const LOAD_SEC = '86400';

export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('run a server under a light load, with its live page, and Prometheus where it is installed')
    .option('--port <n>', 'TCP port of the server', '6379')
    .option('--http-port <n>', 'port of its live page and metrics', '9121')
    .option('--prometheus-port <n>', 'port of Prometheus', '9090')
    .option('--flags <set>', 'optimisations of the server', 'default')
    .option('--rate <ops>', 'requests a second of the load, 0 for none', '2000')
    .action(async (options: DashboardOptions) => {
      process.exitCode = await run(options);
    });
}

/** @returns the exit code: 0 after Ctrl-C, 1 if something ended by itself. */
async function run(options: DashboardOptions): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-dashboard-'));
  const parts: Part[] = [];
  const start = async (name: string, command: string[]): Promise<OwnedProcess> => {
    const started = await OwnedProcess.start(command, { cpus: [] });
    parts.push({ name, process: started });
    return started;
  };
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const { port, httpPort, flags, rate } = options;
    const server = await start('the server', [
      ...[process.execPath, program, 'server', '--host', '127.0.0.1'],
      ...[
        '--port',
        port,
        '--http-port',
        httpPort,
        '--flags',
        flags,
        '--save',
        '',
        '--dbfilename',
        'no-data-of-the-dashboard.rdb',
      ],
    ]);
    const deadlineMs = performance.now() + READY_TIMEOUT_MS;
    while (!server.output.includes('over HTTP at') && !isInterrupted) {
      if (server.exitText !== undefined) throw new Error(server.output.trim() || server.exitText);
      if (performance.now() > deadlineMs) throw new Error('the server is not ready after 20 seconds');
      await setTimeout(POLL_MS);
    }
    if (rate !== '0')
      await start('the load', [
        ...[process.execPath, program, 'load', `redis://127.0.0.1:${port}`],
        ...['--rate', rate, '--duration', LOAD_SEC],
      ]);
    const prometheus = await startPrometheus(options, folder, start);
    process.stdout.write(
      `Live page:   http://127.0.0.1:${httpPort}/\nMetrics:     http://127.0.0.1:${httpPort}/metrics\n` +
        `Prometheus:  ${prometheus ?? 'not installed here (apt-get install prometheus); the dashboards are in dashboards/*.json'}\n` +
        `Server:      redis://127.0.0.1:${port}, ${rate} requests a second. Ctrl-C ends everything.\n`,
    );
    while (!isInterrupted) {
      const gone = parts.find((part) => part.process.exitText !== undefined);
      if (gone !== undefined)
        throw new Error(`${gone.name} ${gone.process.exitText}: ${gone.process.output.trim()}`);
      await setTimeout(POLL_MS);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`evenkeel: ${(error as Error).message}\n`);
    return 1;
  } finally {
    await Promise.all(parts.map((part) => part.process.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Part {
  readonly name: string;
  readonly process: OwnedProcess;
}

/** Its address, or undefined if it is not installed. */
async function startPrometheus(
  { httpPort, prometheusPort }: DashboardOptions,
  folder: string,
  start: (name: string, command: string[]) => Promise<OwnedProcess>,
): Promise<string | undefined> {
  const command = ['/usr/bin/prometheus', '/usr/local/bin/prometheus'].find(existsSync);
  if (command === undefined) return undefined;
  const rules = path.join(projectDirectory, 'dashboards/rules.yml');
  const configuration = path.join(folder, 'prometheus.yml');
  writeFileSync(
    configuration,
    `global: {scrape_interval: 1s}\nrule_files: ['${rules}']\nscrape_configs: [{job_name: evenkeel, static_configs: [{targets: ['127.0.0.1:${httpPort}']}]}]\n`,
  );
  const address = `127.0.0.1:${prometheusPort}`;
  await start('Prometheus', [
    command,
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  return `http://${address}/`;
}
