/**
 * The control plane's way to the data port: connections by login, kept while they are used. Commands of one call go out together,
 * so no other call's come between.
 */
import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import type { Admission, Gatekeeper, Login } from '../observability/http/access.ts';
import type { CommandPort, GatewayReply } from '../observability/http/commandGateway.ts';

type Client = ReturnType<typeof createClient>;

/** Logins are few; whoever tries many gets no more connections than this. */
const CLIENTS_MAX = 16;
const CONNECT_TIMEOUT_MS = 2000;

/** Holds as long as nobody has changed the configuration since. */
interface Judgement {
  readonly admission: Admission;
  readonly configurationChanges: number;
}

export class DataPortClients implements CommandPort, Gatekeeper {
  readonly #host: string;
  readonly #port: number;
  readonly #clients = new Map<string, Promise<Client>>();
  readonly #judgements = new Map<string, Judgement>();
  readonly #configurationChanges: () => number;
  protectedMode = true;

  /** @param configurationChanges how often configuration and users of the data port's server were changed, as far as is known here. */
  constructor(host: string, port: number, configurationChanges: () => number) {
    this.#host = host;
    this.#port = port;
    this.#configurationChanges = configurationChanges;
  }

  async run(commands: readonly (readonly string[])[], login: Login | undefined): Promise<GatewayReply[]> {
    const client = await this.#client(login);
    const replies = await Promise.allSettled(commands.map((words) => client.sendCommand(words)));
    return replies.map((reply) => {
      if (reply.status === 'fulfilled') return reply.value as unknown as GatewayReply;
      if (reply.reason instanceof ErrorReply) return reply.reason;
      throw reply.reason;
    });
  }

  async admit(login: Login | undefined): Promise<Admission> {
    const configurationChanges = this.#configurationChanges();
    const key = keyOf(login);
    const known = this.#judgements.get(key);
    if (known?.configurationChanges === configurationChanges) return known.admission;
    const admission = await this.#judge(login);
    if (this.#judgements.size >= CLIENTS_MAX) this.#judgements.clear();
    this.#judgements.set(key, { admission, configurationChanges });
    return admission;
  }

  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    for (const client of clients) (await client.catch(() => undefined))?.destroy();
  }

  /** On a connection of its own: one that was let in stays so when the password changes. */
  async #judge(login: Login | undefined): Promise<Admission> {
    let client: Client | undefined;
    try {
      client = await this.#open(login);
      const mode = await attempt(client, 'CONFIG', 'GET', 'protected-mode');
      if (mode !== undefined) this.protectedMode = /yes/.test(mode);
      return {
        verdict: login === undefined ? 'open' : 'accepted',
        login,
        rights: {
          watch: (await attempt(client, 'INFO', 'server')) !== undefined,
          administrate: mode !== undefined,
        },
      };
    } catch (error) {
      this.#forget(login);
      const { message } = error as Error;
      if (/no password is set|without any password configured/i.test(message)) return this.admit(undefined);
      if (/^NOAUTH/.test(message)) return { verdict: 'password-required' };
      if (!/^(WRONGPASS|ERR invalid password)/.test(message)) throw error;
      // Who knows the default user's password may call that user by any name: some programs cannot send a password without one.
      const fallback = login?.user !== undefined && (await this.admit({ ...login, user: undefined }));
      return fallback && fallback.verdict === 'accepted' ? fallback : { verdict: 'password-wrong' };
    } finally {
      client?.destroy();
    }
  }

  #forget(login: Login | undefined): void {
    const client = this.#clients.get(keyOf(login));
    this.#clients.delete(keyOf(login));
    void client?.then((each) => each.destroy()).catch(() => {});
  }

  #client(login: Login | undefined): Promise<Client> {
    const key = keyOf(login);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const opening = this.#open(login);
    this.#clients.set(key, opening);
    const forget = (): void => void (this.#clients.get(key) === opening && this.#clients.delete(key));
    opening.then((client) => client.on('end', forget), forget);
    if (this.#clients.size > CLIENTS_MAX) {
      const [oldest, client] = this.#clients.entries().next().value!;
      this.#clients.delete(oldest);
      void client.then((each) => each.close()).catch(() => {});
    }
    return opening;
  }

  async #open(login: Login | undefined): Promise<Client> {
    const client = createClient({
      socket: {
        host: this.#host,
        port: this.#port,
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectStrategy: false,
      },
      ...(login === undefined ? {} : { password: login.password }),
      ...(login?.user === undefined ? {} : { username: login.user }),
      commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
      disableClientInfo: true,
    });
    // Errors of a connection end it; whoever waits on it hears of them there.
    client.on('error', () => {});
    await client.connect();
    return client as unknown as Client;
  }
}

const keyOf = (login: Login | undefined): string => JSON.stringify(login ?? null);

/** The reply as text; undefined if the user may not run the command. */
async function attempt(client: Client, ...words: string[]): Promise<string | undefined> {
  try {
    return String((await client.sendCommand(words)) as unknown);
  } catch (error) {
    if (error instanceof ErrorReply && error.message.startsWith('NOPERM')) return undefined;
    throw error;
  }
}
