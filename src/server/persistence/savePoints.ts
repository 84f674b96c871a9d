/** `save <seconds> <changes>`: a snapshot is due so long after the last one, if so much has changed. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

/** @param text canonical value of the parameter `save`. */
export function parseSavePoints(text: string): SavePoint[] {
  const numbers = text === '' ? [] : text.split(' ').map(Number);
  const points: SavePoint[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2)
    points.push({ seconds: numbers[i]!, changes: numbers[i + 1]! });
  return points;
}
