/**
 * The control plane's way to the data port: connections by password, kept while they are used. Commands of one call go out together,
 * so no other call's come between.
 */
import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import type { Admission, Gatekeeper } from '../observability/http/access.ts';
import type { CommandPort, GatewayReply } from '../observability/http/commandGateway.ts';

type Client = ReturnType<typeof createClient>;

/** Passwords are few; whoever tries many gets no more connections than this. */
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
  readonly #clients = new Map<string | undefined, Promise<Client>>();
  readonly #judgements = new Map<string | undefined, Judgement>();
  readonly #configurationChanges: () => number;
  protectedMode = true;

  /** @param configurationChanges how often the configuration of the data port's server was changed, as far as is known here. */
  constructor(host: string, port: number, configurationChanges: () => number) {
    this.#host = host;
    this.#port = port;
    this.#configurationChanges = configurationChanges;
  }

  async run(commands: readonly (readonly string[])[], password: string | undefined): Promise<GatewayReply[]> {
    const client = await this.#client(password);
    const replies = await Promise.allSettled(commands.map((words) => client.sendCommand(words)));
    return replies.map((reply) => {
      if (reply.status === 'fulfilled') return reply.value as unknown as GatewayReply;
      if (reply.reason instanceof ErrorReply) return reply.reason;
      throw reply.reason;
    });
  }

  async admit(password: string | undefined): Promise<Admission> {
    const configurationChanges = this.#configurationChanges();
    const known = this.#judgements.get(password);
    if (known?.configurationChanges === configurationChanges) return known.admission;
    const admission = await this.#judge(password);
    if (this.#judgements.size >= CLIENTS_MAX) this.#judgements.clear();
    this.#judgements.set(password, { admission, configurationChanges });
    return admission;
  }

  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    for (const client of clients) (await client.catch(() => undefined))?.destroy();
  }

  /** On a connection of its own: one that was let in stays so when the password changes. */
  async #judge(password: string | undefined): Promise<Admission> {
    let client: Client | undefined;
    try {
      client = await this.#open(password);
      const reply: unknown = await client.sendCommand(['CONFIG', 'GET', 'protected-mode']);
      this.protectedMode = /yes/.test(String(reply));
      return password === undefined ? 'open' : 'accepted';
    } catch (error) {
      this.#forget(password);
      const { message } = error as Error;
      if (/no password is set|without any password configured/i.test(message)) return this.admit(undefined);
      if (/^NOAUTH/.test(message)) return 'password-required';
      if (/^(WRONGPASS|ERR invalid password)/.test(message)) return 'password-wrong';
      throw error;
    } finally {
      client?.destroy();
    }
  }

  #forget(password: string | undefined): void {
    const client = this.#clients.get(password);
    this.#clients.delete(password);
    void client?.then((each) => each.destroy()).catch(() => {});
  }

  #client(password: string | undefined): Promise<Client> {
    const known = this.#clients.get(password);
    if (known !== undefined) return known;
    const opening = this.#open(password);
    this.#clients.set(password, opening);
    const forget = (): void =>
      void (this.#clients.get(password) === opening && this.#clients.delete(password));
    opening.then((client) => client.on('end', forget), forget);
    if (this.#clients.size > CLIENTS_MAX) {
      const [oldest, client] = this.#clients.entries().next().value!;
      this.#clients.delete(oldest);
      void client.then((each) => each.close()).catch(() => {});
    }
    return opening;
  }

  async #open(password: string | undefined): Promise<Client> {
    const client = createClient({
      socket: {
        host: this.#host,
        port: this.#port,
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectStrategy: false,
      },
      ...(password === undefined ? {} : { password }),
      commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
      disableClientInfo: true,
    });
    // Errors of a connection end it; whoever waits on it hears of them there.
    client.on('error', () => {});
    await client.connect();
    return client as unknown as Client;
  }
}
