/** Placeholder replaced by the configuration registry. */
export interface Configuration {
  get(name: string): string | undefined;
}
