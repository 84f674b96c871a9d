/** What a reader who does statistics once a year needs in order to read the tables. Shared by the HTML and the Markdown report. */

export interface Explanation {
  term: string;
  text: string;
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    term: 'Ratio',
    text: 'Always the candidate over the reference. 1.30× throughput is 30 % more work; 0.80× latency is a fifth less waiting. Arrows beside a metric say which direction is good.',
  },
  {
    term: 'Interval',
    text: 'The range in brackets holds the true ratio in 95 of 100 such experiments. It comes from paired blocks (each a fresh process), never from single requests, so repeating a request a million times does not make it narrower.',
  },
  {
    term: 'No effect',
    text: 'The whole interval lies within 3 % of 1 (the shaded band). That is a finding. "Undecided" is not: the interval is too wide to say either way, and the report says how many more pairs would settle it.',
  },
  {
    term: 'p (Holm)',
    text: 'How often chance alone would show a difference this large, adjusted for asking many questions in one session.',
  },
  {
    term: 'Detectable',
    text: 'The smallest difference this many pairs would have seen, judged from two identical processes compared with each other (the A/A arm). A smaller effect may exist and be invisible here.',
  },
  {
    term: 'Open loop',
    text: 'Requests are sent at intended times whether or not the server has kept up, and latency counts from the intended time: a stall is charged to everyone it delayed. A closed loop waits for replies; it measures throughput and says little about latency.',
  },
  {
    term: 'Generator-bound',
    text: 'The load generator has a ceiling, measured against a server that does nothing. Near it, throughput stops telling servers apart; CPU per request still does.',
  },
];
