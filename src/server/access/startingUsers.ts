/** Users that a server begins with: lines of its configuration, or the ACL file that it names. */
import type { Files } from '../../ports/files.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { AccessControl } from './accessControl.ts';

const BOTH =
  'users are declared in the configuration and in an ACL file as well; declare them in one of the two';

/** What the operating system's codes are called. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
};

/** Where the ACL file is: relative paths are to the working directory of the configuration. */
export function aclFilePath(configuration: Configuration): string {
  const path = configuration.text('aclfile');
  return path.startsWith('/') ? path : `${configuration.text('dir')}/${path}`;
}

/** ACL LOAD; the reason if nothing was changed. */
export function loadAclFile(
  access: AccessControl,
  configuration: Configuration,
  files: Files,
): string | undefined {
  const name = configuration.text('aclfile');
  let text: string;
  try {
    text = files.readText(aclFilePath(configuration));
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    return `Error loading ACLs, opening file '${name}': ${REASONS[code ?? ''] ?? message}`;
  }
  return access.replaceUsers(text, name);
}

/** Before the first connection; the reason if the server cannot start with these users. */
export function loadStartingUsers(
  access: AccessControl,
  configuration: Configuration,
  files: Files,
): string | undefined {
  const { users } = configuration;
  const hasFile = configuration.text('aclfile') !== '';
  if (hasFile && users.length > 0) return BOTH;
  for (const declaration of users) {
    const problem = access.users.declare(declaration);
    if (problem !== undefined) return problem;
  }
  return hasFile ? loadAclFile(access, configuration, files) : undefined;
}
