/** The folder of an append-only file: where its parts lie, what they are called, and the manifest that says which of them count. */
import { fromLatin1 } from '../../../base/bytes.ts';
import type { ServerState } from '../../serverState.ts';
import { AppendOnlyError } from './appendOnlyLoader.ts';
import {
  EMPTY_MANIFEST,
  formatManifest,
  type Manifest,
  type ManifestFile,
  parseManifest,
} from './manifest.ts';

export class AppendOnlyFolder {
  readonly #server: ServerState;
  /** The working folder. */
  readonly #parent: () => string;
  #manifestWritten: Promise<void> = Promise.resolve();
  /** Of bases that were begun: a name is never used twice, whatever became of it. */
  #baseSequence = 0;

  constructor(server: ServerState, parent: () => string) {
    this.#server = server;
    this.#parent = parent;
  }

  get path(): string {
    return `${this.#parent()}/${this.#server.configuration.text('appenddirname')}`;
  }

  pathOf(name: string): string {
    return `${this.path}/${name}`;
  }

  make(): void {
    this.#server.files.makeFolder(this.path);
  }

  nextBase({ base }: Manifest): ManifestFile {
    this.#baseSequence = Math.max(this.#baseSequence, base?.sequence ?? 0) + 1;
    const form = this.#server.configuration.flag('aof-use-rdb-preamble') ? 'rdb' : 'aof';
    return { name: `${this.#prefix}.${this.#baseSequence}.base.${form}`, sequence: this.#baseSequence };
  }

  nextIncrement({ increments }: Manifest): ManifestFile {
    const sequence = (increments.at(-1)?.sequence ?? 0) + 1;
    return { name: `${this.#prefix}.${sequence}.incr.aof`, sequence };
  }

  /** An empty file in the place of what may have been there. */
  makeEmpty({ name }: ManifestFile): void {
    this.#server.files.openOutput(this.pathOf(name), 'truncate').close();
  }

  /** @throws AppendOnlyError if the file is not there. */
  sizeOf({ name }: ManifestFile): number {
    const { files } = this.#server;
    const path = this.pathOf(name);
    if (!files.exists(path)) throw new AppendOnlyError(`${path}, which the manifest lists, is not there`);
    const input = files.openInput(path);
    input.close();
    return input.sizeBytes;
  }

  /** Undefined if there is none. @throws ManifestError */
  readManifest(): Manifest | undefined {
    const { files } = this.#server;
    const path = this.pathOf(this.#manifestName);
    return files.exists(path) ? parseManifest(files.readText(path)) : undefined;
  }

  writeManifest(manifest: Manifest): void {
    const { files } = this.#server;
    const temporary = this.pathOf(`temp-${this.#manifestName}`);
    const output = files.openOutput(temporary, 'truncate');
    output.write(fromLatin1(formatManifest(manifest)));
    output.sync();
    output.close();
    files.rename(temporary, this.pathOf(this.#manifestName));
    files.syncFolder(this.path);
  }

  /** As writeManifest off the loop; one after the other, in the order of the calls. */
  writeManifestLater(manifest: Manifest): Promise<void> {
    const written = this.#manifestWritten.then(() => this.#replaceManifest(manifest));
    this.#manifestWritten = written.catch(() => {});
    return written;
  }

  /** A file of Redis before 7.0 becomes the base; undefined if there is none. */
  adoptOldFile(): Manifest | undefined {
    const { files, log } = this.#server;
    const old = `${this.#parent()}/${this.#prefix}`;
    if (!files.exists(old)) return undefined;
    this.make();
    const manifest = { ...EMPTY_MANIFEST, base: { name: this.#prefix, sequence: 1 } };
    this.writeManifest(manifest);
    files.rename(old, this.pathOf(this.#prefix));
    files.syncFolder(this.path);
    files.syncFolder(this.#parent());
    log.write('notice', `Moved the append-only file ${old} into ${this.path}`);
    return manifest;
  }

  get #prefix(): string {
    return this.#server.configuration.text('appendfilename');
  }

  get #manifestName(): string {
    return `${this.#prefix}.manifest`;
  }

  async #replaceManifest(manifest: Manifest): Promise<void> {
    const { files } = this.#server;
    const temporary = this.pathOf(`temp-${this.#manifestName}`);
    const output = await files.openAppender(temporary, 'truncate');
    try {
      await output.write(fromLatin1(formatManifest(manifest)));
      await output.sync();
    } finally {
      await output.close();
    }
    await files.renameLater(temporary, this.pathOf(this.#manifestName));
    await files.syncFolderLater(this.path);
  }
}
