import { describe, expect, it } from 'vitest';
import { svgFaults } from './svgFaults.ts';

describe('svgFaults', () => {
  it('accepts nested, self-closing and escaped SVG beside anything else', () => {
    expect(svgFaults('<br><svg x="1"><g a="&amp;"><path d="M0 0"/></g>&lt;</svg><p>a & b')).toEqual([]);
  });

  it.each([
    '<svg><g></svg></g>',
    '<svg><line x1=0/></svg>',
    '<svg><line x="1" x="2"/></svg>',
    '<svg><text>a & b</text></svg>',
    '<svg><text>&nbsp;</text></svg>',
    '<svg><g a="<"/></svg>',
    '<svg><g>',
  ])('refuses %s', (page) => expect(svgFaults(page)).not.toEqual([]));
});
