/** INFO over shards: the texts of all become one, section by section and field by field. */
import { humanBytes } from '../../commands/server/info/humanBytes.ts';
import { derivedFields, LARGEST_FIELDS, SUMMED_FIELDS } from './infoFields.ts';
import type { Combine } from './keyReplies.ts';
import { bulkText, isError, textLike } from './replyBytes.ts';

/** By title, in order; each with its fields in order. */
type Sections = Map<string, Map<string, string>>;

function parse(text: string): Sections {
  const sections: Sections = new Map();
  let fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    if (line.startsWith('# ')) {
      fields = new Map();
      sections.set(line.slice(2), fields);
    } else if (line !== '') {
      const colon = line.indexOf(':');
      fields.set(line.slice(0, colon), line.slice(colon + 1));
    }
  }
  return sections;
}

/** Whole numbers stay whole; rates keep their two digits. */
const plus = (a: string, b: string): string =>
  a.includes('.') ? (Number(a) + Number(b)).toFixed(2) : String(Number(a) + Number(b));

const pairs = (value: string): Map<string, number> =>
  new Map(
    value.split(',').map((pair) => {
      const [name, number] = pair.split('=');
      return [name!, Number(number)];
    }),
  );

/** `calls=..,usec=..,usec_per_call=..`: all add up but the mean. */
function sumOfCalls(a: string, b: string): string {
  const [sum, more] = [pairs(a), pairs(b)];
  for (const [name, value] of more) sum.set(name, (sum.get(name) ?? 0) + value);
  const calls = sum.get('calls')!;
  return [...sum]
    .map(([name, value]) =>
      name === 'usec_per_call'
        ? `${name}=${(calls === 0 ? 0 : sum.get('usec')! / calls).toFixed(2)}`
        : `${name}=${value}`,
    )
    .join(',');
}

/** `keys=..,expires=..,avg_ttl=..`: the mean is weighted by the keys that expire. */
function sumOfKeys(a: string, b: string): string {
  const [sum, more] = [pairs(a), pairs(b)];
  const weights = [sum.get('expires')!, more.get('expires')!] as const;
  const ttls = [sum.get('avg_ttl')!, more.get('avg_ttl')!] as const;
  for (const [name, value] of more) sum.set(name, (sum.get(name) ?? 0) + value);
  const weight = weights[0] + weights[1];
  const mean = weight === 0 ? 0 : (ttls[0] * weights[0] + ttls[1] * weights[1]) / weight;
  sum.set('avg_ttl', Math.round(mean));
  return [...sum].map(([name, value]) => `${name}=${value}`).join(',');
}

function combineField(section: string, name: string, a: string, b: string): string {
  if (section === 'Commandstats') return sumOfCalls(a, b);
  if (section === 'Errorstats') return `count=${pairs(a).get('count')! + pairs(b).get('count')!}`;
  if (section === 'Keyspace') return sumOfKeys(a, b);
  if (SUMMED_FIELDS.has(name)) return plus(a, b);
  if (LARGEST_FIELDS.has(name)) return String(Math.max(Number(a), Number(b)));
  return a;
}

const DERIVED = derivedFields(humanBytes);

function render(sections: Sections): string {
  return [...sections]
    .map(([title, fields]) => {
      let names = [...fields.keys()];
      if (title === 'Keyspace') names = names.toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2)));
      const lines = names.map((name) => `${name}:${DERIVED.get(name)?.(fields) ?? fields.get(name)}\r\n`);
      return `# ${title}\r\n${lines.join('')}`;
    })
    .join('\r\n');
}

export const infoOfShards: Combine = (replies) => {
  const refusal = replies.find(isError);
  if (refusal !== undefined) return refusal;
  const [whole, ...others] = replies.map((reply) => parse(bulkText(reply)));
  for (const other of others) {
    for (const [title, fields] of other) {
      const sum = whole!.get(title)!;
      for (const [name, value] of fields) {
        const soFar = sum.get(name);
        sum.set(name, soFar === undefined ? value : combineField(title, name, soFar, value));
      }
    }
  }
  return textLike(replies[0]!, render(whole!));
};
