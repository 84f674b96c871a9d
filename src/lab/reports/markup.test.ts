import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorId, escapeHtml, html } from './markup.ts';

describe('html', () => {
  it('escapes what is interpolated and keeps markup', () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;
    expect(html`<p title="${`"'`}">${inner}${[1.23456, undefined, false, null]}</p>`.text).toBe(
      '<p title="&quot;&#39;"><b>a &lt; b &amp; &quot;c&quot;</b>1.23</p>',
    );
  });

  it('never writes a number that is none', () => {
    expect(html`${Number.NaN} ${Number.POSITIVE_INFINITY}`.text).toBe('unknown unknown');
  });

  it('leaves nothing that opens a tag, ends an attribute, hides or reorders text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        expect(escaped).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]/);
        expect(escaped.isWellFormed()).toBe(true);
      }),
    );
  });

  it('makes identifiers of letters, digits and dashes', () => {
    expect(anchorId('experiment', '"><x y="é', 'A1')).toBe('experiment-x-y-a1');
  });
});
