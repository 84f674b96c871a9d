/** A command as COMMAND DOCS prints it: a map with as many entries as there is something to say. */
import type { ArgumentDoc } from '../../command.ts';
import type { CommandEntry } from '../../commandTable.ts';
import type { Reply } from '../../reply.ts';

type Part = readonly [name: string, send: () => void];

function sendParts(reply: Reply, parts: readonly Part[]): void {
  reply.map(parts.length);
  for (const [name, send] of parts) {
    reply.bulkText(name);
    send();
  }
}

export function documentCommand(reply: Reply, entry: CommandEntry): void {
  const { docs } = entry.spec;
  const parts: Part[] = [];
  const text = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') parts.push([name, () => reply.bulkUtf8(value)]);
  };
  text('summary', docs.summary);
  text('since', docs.since);
  text('group', docs.group);
  text('complexity', docs.complexity);
  const flags: string[] = [];
  if (docs.deprecatedSince !== undefined) flags.push('deprecated');
  if (docs.systemCommand === true) flags.push('syscmd');
  if (flags.length > 0) parts.push(['doc_flags', () => sendStatuses(reply, flags)]);
  text('deprecated_since', docs.deprecatedSince);
  text('replaced_by', docs.replacedBy);
  const { history } = docs;
  if (history !== undefined && history.length > 0) {
    parts.push([
      'history',
      () => {
        reply.set(history.length);
        for (const [version, change] of history) {
          reply.array(2);
          reply.bulkText(version);
          reply.bulkUtf8(change);
        }
      },
    ]);
  }
  const args = docs.arguments;
  if (args !== undefined && args.length > 0) parts.push(['arguments', () => documentArguments(reply, args)]);
  const { subcommands } = entry;
  if (subcommands !== undefined) {
    parts.push([
      'subcommands',
      () => {
        reply.map(subcommands.size);
        for (const subcommand of subcommands.values()) {
          reply.bulkText(subcommand.fullName);
          documentCommand(reply, subcommand);
        }
      },
    ]);
  }
  sendParts(reply, parts);
}

function sendStatuses(reply: Reply, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.simple(word);
}

function documentArguments(reply: Reply, args: readonly ArgumentDoc[]): void {
  reply.array(args.length);
  for (const argument of args) {
    const parts: Part[] = [];
    const text = (name: string, value: string | undefined): void => {
      if (value !== undefined) parts.push([name, () => reply.bulkUtf8(value)]);
    };
    const isGroup = argument.type === 'oneof' || argument.type === 'block';
    text('name', argument.name);
    text('type', argument.type);
    if (!isGroup) text('display_text', argument.displayText ?? argument.name);
    const { keySpecIndex, flags } = argument;
    if (keySpecIndex !== undefined) parts.push(['key_spec_index', () => reply.integer(keySpecIndex)]);
    text('token', argument.token);
    text('summary', argument.summary);
    text('since', argument.since);
    text('deprecated_since', argument.deprecatedSince);
    if (flags !== undefined && flags.length > 0) parts.push(['flags', () => sendStatuses(reply, flags)]);
    if (isGroup) parts.push(['arguments', () => documentArguments(reply, argument.arguments ?? [])]);
    sendParts(reply, parts);
  }
}
