/**
 * Perceptually uniform colour ramps, computed rather than copied, in OKLCH (Ottosson 2020). Where there is one direction, lightness runs
 * linearly from one end to the other while the hue turns from yellow through green to violet. Equal steps in the data are equal steps to
 * the eye, and the ramp stays ordered in greyscale and for every common colour deficiency, because lightness alone carries it. Where there
 * are two directions, lightness carries the magnitude and the hue the sign: blue and orange, which every common deficiency tells apart.
 */

export type Rgb = readonly [number, number, number];

/** `t` in 0..1; light paper: pale to dark. On a dark panel the same path is walked the other way, so more is always more contrast. */
export function rampColour(t: number, onDark: boolean): Rgb {
  const step = onDark ? 1 - t : t;
  const lightness = onDark ? 0.93 - 0.67 * step : 0.95 - 0.69 * step;
  const hue = 105 + 185 * step;
  const chroma = 0.05 + 0.11 * Math.sin(Math.PI * Math.min(1, 0.15 + 0.8 * step));
  return oklchToRgb(lightness, chroma, hue);
}

const HUE_LESS = 255;
const HUE_MORE = 55;

/** `t` in -1..1: blue below zero, orange above, grey at it. More of either is more contrast, on light paper as on a dark panel. */
export function divergingColour(t: number, onDark: boolean): Rgb {
  const strength = Math.abs(t);
  const lightness = onDark ? 0.27 + 0.53 * strength : 0.94 - 0.44 * strength;
  const chroma = strength === 0 ? 0 : 0.03 + 0.13 * strength;
  return oklchToRgb(lightness, chroma, t < 0 ? HUE_LESS : HUE_MORE);
}

export function cssColour([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Chroma shrinks until the colour fits sRGB: lightness, which carries the meaning, is kept. */
function oklchToRgb(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  for (let c = chroma; c > 0.002; c *= 0.9) {
    const linear = oklabToLinear(lightness, c * Math.cos(hue), c * Math.sin(hue));
    if (linear.every((channel) => channel >= -0.001 && channel <= 1.001)) return gamma(linear);
  }
  return gamma(oklabToLinear(lightness, 0, 0));
}

function oklabToLinear(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function gamma(linear: Rgb): Rgb {
  const channel = (value: number) => {
    const clamped = Math.min(1, Math.max(0, value));
    const encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  };
  return [channel(linear[0]), channel(linear[1]), channel(linear[2])];
}
