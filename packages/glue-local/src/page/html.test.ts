import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, markupOf } from './html.ts';

test('no inserted text becomes markup, in text and in attributes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'<>"\'`&;/=! ax-'), maxLength: 30 }),
      (text) => {
        const markup = markupOf(html`<p title="${text}">${text}</p>`);
        const [, attribute = '', content = ''] =
          /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(markup) ?? [];
        const unescaped = (escaped: string) =>
          escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
        assert.deepEqual([unescaped(attribute), unescaped(content)], [text, text]);
      },
    ),
  );
});

test('only markup of templates is inserted as it is', () => {
  const inner = html`<b>${'<i>'}</b>`;
  assert.equal(markupOf(html`${[inner, ' & ']}`), '<b>&#60;i&#62;</b> &#38; ');
  assert.equal(markupOf(html`${undefined}${null}${false}${0}`), '0');
  const fake = JSON.parse('["<i>", {"markup": "<b>", "Symbol(markup)": "<b>"}]');
  assert.throws(() => markupOf(html`${fake}`), TypeError);
});

test('every template of the page inserts attributes in double quotes, and no markup is made elsewhere', () => {
  const files = globSync(new URL('./*.ts', import.meta.url).pathname).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  assert.ok(files.length > 10);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /\s[a-z-]+=\$\{/, `${file}: an attribute without quotes`);
    assert.doesNotMatch(text, /\son[a-z]+="|javascript:|<script|\sstyle="/, file);
    if (!file.endsWith('/html.ts')) assert.doesNotMatch(text, /\[markup\]/, file);
  }
});
