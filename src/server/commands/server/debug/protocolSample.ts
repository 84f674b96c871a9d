/** DEBUG PROTOCOL: one reply of each type, for testing clients. */
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';
import type { Reply } from '../../reply.ts';

const UNKNOWN_TYPE =
  'ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false';

const threeIntegers = (reply: Reply): void => {
  for (let i = 0; i < 3; i++) reply.integer(i);
};

const SAMPLES: Readonly<Record<string, (reply: Reply) => void>> = {
  string: (reply) => reply.bulkText('Hello World'),
  integer: (reply) => reply.integer(12345),
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: Redis's sample is this number, not pi.
  double: (reply) => reply.double(3.141),
  bignum: (reply) => reply.bigNumber('1234567999999999999999999999999999999'),
  null: (reply) => reply.nil(),
  array(reply) {
    reply.array(3);
    threeIntegers(reply);
  },
  set(reply) {
    reply.set(3);
    threeIntegers(reply);
  },
  map(reply) {
    reply.map(3);
    for (let i = 0; i < 3; i++) {
      reply.integer(i);
      reply.boolean(i === 1);
    }
  },
  /** Attributes are not sent by this server: the reply that would follow one comes alone. */
  attrib: (reply) => reply.bulkText('Some real reply following the attribute'),
  push(reply) {
    if (reply.protocol < 3) return reply.error('ERR RESP2 is not supported by this command');
    reply.push(2);
    reply.bulkText('server-cpu-usage');
    reply.integer(42);
    reply.bulkText('Some real reply following the push reply');
  },
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
  verbatim: (reply) => reply.verbatim('This is a verbatim\nstring', 'txt'),
};

export function sendProtocolSample({ reply }: CommandContext, args: Arguments): void {
  const name = args.text(2).toLowerCase();
  if (Object.hasOwn(SAMPLES, name)) SAMPLES[name]!(reply);
  else reply.error(UNKNOWN_TYPE);
}
