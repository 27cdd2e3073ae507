import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failuresMarkdown, failuresPage } from '../../build/failures-page.ts';
import { failureCodes } from '../../electron/contract/failures/catalogue.ts';

/** The page that people and search engines read: `npm run docs:failures` makes it anew. */
describe('docs/failures.md', () => {
  const page = readFileSync(failuresPage, 'utf8');

  it('is up to date', () => {
    expect(page === failuresMarkdown(), 'run npm run docs:failures').toBe(true);
  });

  it('has every code once, in three languages, with steps', () => {
    const sections = page.split('\n## ').slice(1);
    expect(sections.map((section) => /^`([^`]+)`/.exec(section)?.[1])).toEqual([...failureCodes]);
    const incomplete = sections.filter(
      (section) =>
        !['**Română**', '**Русский**', '**English**'].every((name) => section.split(name).length === 2) ||
        (section.match(/^1\. \S/gm) ?? []).length !== 3,
    );
    expect(incomplete.map((section) => section.split('\n')[0])).toEqual([]);
  });

  it('has no sentence left as a bare code, and no syntax of messages', () => {
    expect(page.match(/[{}]/g)).toBeNull();
    const bare = failureCodes.filter((code) => new RegExp(`\\): ${code}$`, 'm').test(page));
    expect(bare).toEqual([]);
  });
});
