import { readFileSync } from 'node:fs';
import { TAG_FILE } from '@rrweb-store/recorder/tag-file';
import { expect, test } from 'vitest';
import { contentPolicy, siteTag } from './snippets';

const VALUES = { apiUrl: 'https://api.example/v1', siteUrl: 'https://site.example' };

test('the tag of a site names the script, where to write, and the level of privacy', () => {
  expect(siteTag(VALUES, { writeKey: 'wk_abc', privacy: 'private' })).toBe(
    `<script async src="https://site.example/${TAG_FILE}"
  data-write-url="https://api.example/v1/w/wk_abc"
  data-privacy="private"></script>`,
  );
});

test('no value ends an attribute of the tag', () => {
  const tag = siteTag({ ...VALUES, siteUrl: 'https://x.example/"><img>&' }, { writeKey: 'wk_abc', privacy: 'text' });

  expect(tag).toContain(`src="https://x.example/&quot;>&lt;img>&amp;/${TAG_FILE}"`);
});

test('the policy allows the origins of the script and the API', () => {
  expect(contentPolicy(VALUES)).toBe('script-src https://site.example;\nconnect-src https://api.example;');
});

test('the documentation of the recorder shows the script under its name', () => {
  expect(readFileSync(new URL('../../../../docs/recorder.md', import.meta.url), 'utf8')).toContain(`<script async src="https://…/${TAG_FILE}"`);
});
