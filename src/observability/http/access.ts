/**
 * Who may use the control plane: whoever may use the data port. Users and passwords are judged by the data port itself, so an ACL SETUSER
 * or CONFIG SET requirepass counts here at once; protected mode is judged here, because seen from the data port every request comes from
 * this machine.
 *
 * Commands run with the rights of their user. What is no command asks for those of the command that comes nearest: INFO for metrics and
 * events, CONFIG for what occupies the server or shows the requests of others.
 */
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';

/** What somebody logs in with: as AUTH takes it, without a name for the default user. */
export interface Login {
  readonly user: string | undefined;
  readonly password: string;
}

export interface Rights {
  /** INFO. */
  readonly watch: boolean;
  /** CONFIG. */
  readonly administrate: boolean;
}

/** What the data port says to a login, or to none. */
export type Admission =
  | { readonly verdict: 'open' | 'accepted'; readonly login: Login | undefined; readonly rights: Rights }
  | { readonly verdict: 'password-required' | 'password-wrong' };

export interface Gatekeeper {
  /** @param login what the request brought, if it brought anything. */
  admit(login: Login | undefined): Promise<Admission>;
  /** Whether strangers are kept out while there is no password. */
  readonly protectedMode: boolean;
}

export type ControlEnv = {
  Bindings: HttpBindings;
  Variables: { login: Login | undefined; rights: Rights };
};

const PROTECTED =
  'Evenkeel is in protected mode and no password is set: only this machine may connect. Set one with CONFIG SET requirepass or ' +
  '--requirepass, or turn protection off with CONFIG SET protected-mode no.';

export function accessControl(gatekeeper: Gatekeeper): MiddlewareHandler<ControlEnv> {
  return async (context, next) => {
    if (isForeignPage(context)) return refuse(context, 403, 'requests from pages of other sites are refused');
    const admission = await gatekeeper.admit(loginOf(context.req.header('authorization')));
    if (!('rights' in admission)) {
      context.header('WWW-Authenticate', 'Basic realm="Evenkeel", charset="UTF-8"');
      const reason =
        admission.verdict === 'password-wrong' ? 'the password is wrong' : 'a password is required';
      return refuse(
        context,
        401,
        `${reason}: send "Authorization: Bearer PASSWORD", or Basic with a user's name`,
      );
    }
    // As at the data port, it is the default user's password that counts, whoever asks.
    const isOpen = admission.verdict === 'open' || (await gatekeeper.admit(undefined)).verdict === 'open';
    if (isOpen && gatekeeper.protectedMode) {
      if (!isLoopback(remoteAddress(context))) return refuse(context, 403, PROTECTED);
      // A name that a stranger's DNS points at this machine is how a page would get round the browser's rules.
      if (!isLocalName(context.req.header('host')))
        return refuse(context, 403, 'this host name is not one of this machine; use 127.0.0.1');
    }
    context.set('login', admission.login);
    context.set('rights', admission.rights);
    return next();
  };
}

/** Behind accessControl: lets those pass who have the right. */
export function requireRight(right: keyof Rights, command: string): MiddlewareHandler<ControlEnv> {
  return async (context, next) => {
    if (context.get('rights')[right]) return next();
    return refuse(context, 403, `NOPERM this needs a user who may run ${command}`);
  };
}

function refuse(context: Context<ControlEnv>, status: 401 | 403, error: string): Response {
  return context.json({ error }, status);
}

/** `Bearer PASSWORD`, or `Basic` with a user's name or none. */
export function loginOf(authorization: string | undefined): Login | undefined {
  const match = /^(bearer|basic) +(.+)$/i.exec(authorization ?? '');
  if (match === null) return undefined;
  if (match[1]!.toLowerCase() === 'bearer') return { user: undefined, password: match[2]! };
  const decoded = Buffer.from(match[2]!, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  const user = decoded.slice(0, colon);
  const isDefault = user === '' || user === 'default';
  return { user: isDefault ? undefined : user, password: decoded.slice(colon + 1) };
}

/** Browsers say where a request comes from; everything else does not, and is no page. */
function isForeignPage(context: Context<ControlEnv>): boolean {
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined) {
    const isNavigation = context.req.method === 'GET' && context.req.header('sec-fetch-mode') === 'navigate';
    return site !== 'same-origin' && site !== 'none' && !isNavigation;
  }
  const origin = context.req.header('origin');
  return origin !== undefined && URL.parse(origin)?.host !== context.req.header('host');
}

const remoteAddress = (context: Context<ControlEnv>): string =>
  context.env?.incoming?.socket.remoteAddress ?? '';

export const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

function isLocalName(host: string | undefined): boolean {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname ?? '';
  return name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
}
