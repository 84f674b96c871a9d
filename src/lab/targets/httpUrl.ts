/** Where a server that the laboratory started answers HTTP: its command line says so. */
import type { RunningTarget } from './target.ts';

/** @throws for targets without a control plane. */
export function httpUrl({ description, endpoint }: RunningTarget): string {
  const { command } = description;
  const port = command[command.lastIndexOf('--http-port') + 1];
  if (!command.includes('--http-port') || port === '0')
    throw new Error(`${description.label} has no control plane: only servers of this project do`);
  return `http://${endpoint.host}:${port}`;
}
