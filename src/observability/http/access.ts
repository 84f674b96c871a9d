/**
 * Who may use the control plane: whoever may use the data port. Passwords are judged by the data port itself, so a CONFIG SET
 * requirepass counts here at once; protected mode is judged here, because seen from the data port every request comes from this machine.
 */
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';

/** What the data port says to a password. */
export type Admission = 'open' | 'accepted' | 'password-required' | 'password-wrong';

export interface Gatekeeper {
  /** @param password what the request brought, if it brought one. */
  admit(password: string | undefined): Promise<Admission>;
  /** Whether strangers are kept out while there is no password. */
  readonly protectedMode: boolean;
}

export type ControlEnv = { Bindings: HttpBindings; Variables: { password: string | undefined } };

const PROTECTED =
  'Evenkeel is in protected mode and no password is set: only this machine may connect. Set one with CONFIG SET requirepass or ' +
  '--requirepass, or turn protection off with CONFIG SET protected-mode no.';

export function accessControl(gatekeeper: Gatekeeper): MiddlewareHandler<ControlEnv> {
  return async (context, next) => {
    if (isForeignPage(context)) return refuse(context, 403, 'requests from pages of other sites are refused');
    const password = passwordOf(context.req.header('authorization'));
    const admission = await gatekeeper.admit(password);
    if (admission === 'password-required' || admission === 'password-wrong') {
      context.header('WWW-Authenticate', 'Basic realm="Evenkeel", charset="UTF-8"');
      const reason = admission === 'password-wrong' ? 'the password is wrong' : 'a password is required';
      return refuse(
        context,
        401,
        `${reason}: send "Authorization: Bearer PASSWORD", or Basic with any user name`,
      );
    }
    if (admission === 'open' && gatekeeper.protectedMode) {
      if (!isLoopback(remoteAddress(context))) return refuse(context, 403, PROTECTED);
      // A name that a stranger's DNS points at this machine is how a page would get round the browser's rules.
      if (!isLocalName(context.req.header('host')))
        return refuse(context, 403, 'this host name is not one of this machine; use 127.0.0.1');
    }
    context.set('password', password);
    return next();
  };
}

function refuse(context: Context<ControlEnv>, status: 401 | 403, error: string): Response {
  return context.json({ error }, status);
}

/** `Bearer PASSWORD`, or the password of `Basic`. */
export function passwordOf(authorization: string | undefined): string | undefined {
  const match = /^(bearer|basic) +(.+)$/i.exec(authorization ?? '');
  if (match === null) return undefined;
  if (match[1]!.toLowerCase() === 'bearer') return match[2]!;
  const decoded = Buffer.from(match[2]!, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
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
