/** A grammar is a list of productions: how often, and how one command (rarely several) is drawn. Strings are latin1 bytes. */
import type { Draw } from '../universe.ts';

export type RandomCommand = string[];

export interface Production {
  weight: number;
  draw: (draw: Draw) => RandomCommand[];
}

export const one = (weight: number, draw: (draw: Draw) => RandomCommand): Production => ({
  weight,
  draw: (source) => [draw(source)],
});
