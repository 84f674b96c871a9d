/**
 * Two servers, one sequence of commands. Episodes of a few thousand commands each begin with an emptied server, so that a
 * disagreement is replayed and shrunk within its episode.
 */
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { pause } from '../requirements.ts';
import {
  CLOSING_WAIT_MS,
  drawChunk,
  finalCommands,
  openingCommands,
  payloadSources,
} from './commandSource.ts';
import type { RandomCommand } from './grammar/production.ts';
import { disagreement } from './normaliser.ts';
import { readTree, treeText } from './replyTree.ts';
import { RespConnection } from './respConnection.ts';
import { Draw } from './universe.ts';
import { gateFor } from './versionGates.ts';

export interface DifferentialOptions {
  oursPort: number;
  theirsPort: number;
  seed: number;
  commands: number;
  /** Skips to this episode: what a failure prints. */
  firstEpisode?: number;
  /** Commands that are left out. */
  excludes?: (command: RandomCommand) => boolean;
  onProgress?: (commands: number) => void;
}

export interface Mismatch {
  episode: number;
  what: string;
  command: RandomCommand;
  ours: string;
  theirs: string;
  /** The shortest sequence found that still disagrees, from an emptied server. */
  script: RandomCommand[];
}

export interface DifferentialResult {
  commands: number;
  episodes: number;
  referenceVersion: string;
  /** Replies that differed in bytes and agreed by rule, by command name. */
  normalised: Map<string, number>;
  /** How often each command was asked, by name, or `container subcommand`. */
  asked: Map<string, number>;
  mismatch: Mismatch | undefined;
}

const EPISODE_COMMANDS = 4000;
const CHUNK_COMMANDS_MAX = 400;
/** One chunk in so many ends with expiries that pass. */
const EXPIRING_CHUNK_PROBABILITY = 0.25;
/** Both servers remove expired keys when somebody looks at them, and not when their own timers say: DBSIZE and DEBUG DIGEST tell. */
const STILL: RandomCommand[] = [['DEBUG', 'SET-ACTIVE-EXPIRE', '0']];
const SHRINK_BUDGET_MS = 15_000;

/** A step is pipelined whole; `waitMs` lets time pass after it. */
interface Step {
  commands: RandomCommand[];
  waitMs: number;
}

export class DifferentialRun {
  readonly #options: DifferentialOptions;
  readonly #ours: RespConnection;
  readonly #theirs: RespConnection;
  readonly #normalised = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  #gate: (command: RandomCommand) => boolean = () => false;
  #payloads: string[] = [];
  #version = '';

  private constructor(options: DifferentialOptions, ours: RespConnection, theirs: RespConnection) {
    this.#options = options;
    this.#ours = ours;
    this.#theirs = theirs;
  }

  static async run(options: DifferentialOptions): Promise<DifferentialResult> {
    const [ours, theirs] = await Promise.all([
      RespConnection.open(options.oursPort),
      RespConnection.open(options.theirsPort),
    ]);
    try {
      return await new DifferentialRun(options, ours, theirs).#run();
    } finally {
      ours.close();
      theirs.close();
    }
  }

  async #run(): Promise<DifferentialResult> {
    await this.#prepare();
    let commands = 0;
    let episode = this.#options.firstEpisode ?? 0;
    let mismatch: Mismatch | undefined;
    while (commands < this.#options.commands && mismatch === undefined) {
      const steps = this.#drawEpisode(episode);
      const found = await this.#play(steps, true);
      commands += steps.reduce((sum, step) => sum + step.commands.length, 0);
      if (found !== undefined) mismatch = { ...found, episode, script: await this.#shrink(steps, found) };
      episode++;
      this.#options.onProgress?.(commands);
    }
    return {
      commands,
      episodes: episode - (this.#options.firstEpisode ?? 0),
      referenceVersion: this.#version,
      normalised: this.#normalised,
      asked: this.#asked,
      mismatch,
    };
  }

  async #prepare(): Promise<void> {
    const info = (await this.#ask(this.#theirs, [['INFO', 'server']]))[0]!.toString('latin1');
    this.#version = /redis_version:(\S+)/.exec(info)![1]!;
    const [versionGate, { excludes }] = [gateFor(this.#version), this.#options];
    this.#gate = (command) => versionGate(command) || excludes?.(command) === true;
    for (const source of payloadSources()) {
      if (source.some(this.#gate)) continue;
      const replies = await this.#ask(this.#theirs, [...openingCommands(2), ...source, ['DUMP', 'p']]);
      this.#payloads.push(readTree(replies.at(-1)!).text);
    }
  }

  async #ask(connection: RespConnection, commands: RandomCommand[]): Promise<Buffer[]> {
    connection.send(Buffer.concat(commands.map(encodeRequest)));
    return connection.receive(commands.length);
  }

  #drawEpisode(episode: number): Step[] {
    // Episodes are apart, so that any of them can be replayed without those before it.
    const draw = new Draw(this.#options.seed * 1_000_003 + episode, this.#payloads);
    const opening = [...openingCommands(episode % 2 === 0 ? 2 : 3), ...STILL];
    const steps: Step[] = [{ commands: opening, waitMs: 0 }];
    for (let drawn = 0; drawn < EPISODE_COMMANDS; ) {
      const chunk = drawChunk(
        draw,
        1 + draw.below(CHUNK_COMMANDS_MAX),
        draw.chance(EXPIRING_CHUNK_PROBABILITY),
      );
      const allowed = (commands: RandomCommand[]): RandomCommand[] => commands.filter((c) => !this.#gate(c));
      steps.push({ commands: allowed(chunk.commands), waitMs: 0 });
      if (chunk.closing.length > 0) {
        steps.push({ commands: allowed(chunk.closing), waitMs: CLOSING_WAIT_MS });
        steps.push({ commands: chunk.purge, waitMs: 0 });
      }
      drawn += chunk.commands.length + chunk.closing.length + chunk.purge.length;
    }
    steps.push({ commands: finalCommands(), waitMs: 0 });
    return steps;
  }

  async #play(steps: Step[], count: boolean): Promise<Omit<Mismatch, 'episode' | 'script'> | undefined> {
    let before: Buffer | undefined;
    for (const { commands, waitMs } of steps) {
      if (commands.length === 0) continue;
      const bytes = Buffer.concat(commands.map(encodeRequest));
      this.#ours.send(bytes);
      this.#theirs.send(bytes);
      const [ours, theirs] = await Promise.all([
        this.#receive(this.#ours, 'ours', commands),
        this.#receive(this.#theirs, "Redis's", commands),
      ]);
      for (let i = 0; i < commands.length; i++) {
        if (count) tally(this.#asked, commands[i]!);
        const previous = before;
        before = ours[i]!;
        if (ours[i]!.equals(theirs[i]!)) continue;
        const [a, b] = [readTree(ours[i]!), readTree(theirs[i]!)];
        const command = commands[i]!;
        const what = disagreement({
          command,
          ours: a,
          theirs: b,
          before: previous === undefined ? undefined : readTree(previous),
        });
        if (what !== undefined) return { what, command, ours: treeText(a), theirs: treeText(b) };
        if (count) {
          const name = command[0]!.toLowerCase();
          this.#normalised.set(name, (this.#normalised.get(name) ?? 0) + 1);
        }
      }
      if (waitMs > 0) await pause(waitMs);
    }
    return undefined;
  }

  async #receive(connection: RespConnection, whose: string, commands: RandomCommand[]): Promise<Buffer[]> {
    const replies: Buffer[] = [];
    try {
      for (const _ of commands) replies.push((await connection.receive(1))[0]!);
      return replies;
    } catch (error) {
      const lines = commands.slice(0, replies.length + 1).map((command, i) => {
        const reply = replies[i] === undefined ? 'nothing' : treeText(readTree(replies[i])).slice(0, 100);
        return `  ${command.map(quoted).join(' ').slice(0, 100)}  ->  ${reply}`;
      });
      throw new Error(
        `${whose} left a command unanswered (SEED=${this.#options.seed}):\n${lines.join('\n')}`,
        {
          cause: error,
        },
      );
    }
  }

  /** Delta debugging: drops ever smaller runs of commands as long as some disagreement remains. */
  async #shrink(steps: Step[], found: { command: RandomCommand }): Promise<RandomCommand[]> {
    const flat = steps.flatMap(({ commands, waitMs }) =>
      commands.map((command, i) => ({ command, waitMs: i === commands.length - 1 ? waitMs : 0 })),
    );
    const opening = steps[0]!.commands.length;
    const end = flat.findIndex(({ command }) => command === found.command) + 1;
    let kept = flat.slice(opening, end);
    const start = flat.slice(0, opening);
    const deadlineMs = performance.now() + SHRINK_BUDGET_MS;
    // As long as the same command shows it: another disagreement on the way would be another story.
    const stillDisagrees = async (candidate: typeof flat): Promise<boolean> => {
      const replay = await this.#play(
        [...start, ...candidate].map(({ command, waitMs }) => ({ commands: [command], waitMs })),
        false,
      );
      return replay?.command === found.command;
    };
    const pipelined = async (candidate: typeof flat): Promise<boolean> =>
      candidate.some(({ waitMs }) => waitMs > 0)
        ? stillDisagrees(candidate)
        : (
            await this.#play(
              [{ commands: [...start, ...candidate].map(({ command }) => command), waitMs: 0 }],
              false,
            )
          )?.command === found.command;
    for (let size = Math.ceil(kept.length / 2); size >= 1 && performance.now() < deadlineMs; ) {
      let shrunk = false;
      for (let at = 0; at < kept.length - 1 && performance.now() < deadlineMs; ) {
        const candidate = [...kept.slice(0, at), ...kept.slice(Math.min(at + size, kept.length - 1))];
        if (await pipelined(candidate)) {
          kept = candidate;
          shrunk = true;
        } else {
          at += size;
        }
      }
      if (size === 1 && !shrunk) break;
      size = Math.max(1, Math.floor(size / 2));
      if (size === 1 && kept.length === 1) break;
    }
    return [...start, ...kept].map(({ command }) => command);
  }
}

function tally(asked: Map<string, number>, [name, second]: RandomCommand): void {
  const whole = name!.toLowerCase();
  for (const each of second === undefined ? [whole] : [whole, `${whole} ${second.toLowerCase()}`])
    asked.set(each, (asked.get(each) ?? 0) + 1);
}

/** A word as redis-cli reads it back. */
const quoted = (word: string): string =>
  /^[\w:.*+{}-]+$/.test(word)
    ? word
    : `"${word.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** For a person: how to replay it, and the commands, which redis-cli takes on standard input. */
export function describeMismatch(seed: number, mismatch: Mismatch): string {
  return [
    `${mismatch.what} (SEED=${seed}, episode ${mismatch.episode})`,
    `command: ${mismatch.command.map(quoted).join(' ').slice(0, 500)}`,
    `ours:    ${mismatch.ours.slice(0, 1500)}`,
    `Redis's: ${mismatch.theirs.slice(0, 1500)}`,
    'replay from an emptied server (lines for redis-cli):',
    ...mismatch.script.slice(-40).map((command) => `  ${command.map(quoted).join(' ').slice(0, 300)}`),
  ].join('\n');
}
