/**
 * `npm run docs:failures`: writes the page of all failures, `docs/failures.md`, from the catalogue and the sentences
 * in three languages. The same data serve the window, the command line and the tests; a test keeps the page up to date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogue, failureCodes } from '../electron/contract/failures/catalogue.ts';
import { Failure } from '../electron/contract/failures/failure.ts';
import { type Language, languages } from '../electron/contract/text/languages.ts';
import { createText } from '../electron/contract/text/text.ts';

export const failuresPage = join(import.meta.dirname, '..', 'docs', 'failures.md');

const names: Record<Language, string> = { ro: 'Română', ru: 'Русский', en: 'English' };

/** Names of the values that the sentences of a language take. */
function valueNames(language: Language): string[] {
  const file = join(import.meta.dirname, '..', 'renderer', 'locales', language, 'failures.json');
  const found = readFileSync(file, 'utf8').matchAll(/\{(\w+)/g);
  return [...new Set([...found].map((match) => match[1] as string))].filter((name) => name !== 'triesLeft');
}

/** Texts in a page of Markdown: as they are. */
function literal(text: string): string {
  return text.replace(/[\\`*_<>[\]#|]/g, '\\$&');
}

/** The page. Values that a sentence takes stand as ‹name›. */
export function failuresMarkdown(): string {
  const spoken = languages.map((language) => ({
    language,
    text: createText(language),
    parameters: Object.fromEntries(valueNames(language).map((name) => [name, `‹${name}›`])),
  }));
  const sections = failureCodes.map((code) => {
    const { severity, owner, exit } = catalogue[code];
    const parts = spoken.map(({ language, text, parameters }) => {
      const { message, cause, fix } = text.failure(new Failure(code, { parameters }));
      const steps = fix.map((step, index) => `${index + 1}. ${literal(step)}`).join('\n');
      return `**${names[language]}** (${text.t(`owner.${owner}`)}): ${literal(message)}\n\n${literal(cause)}\n\n${steps}`;
    });
    return `## \`${code}\`\n\nseverity \`${severity}\`, owner \`${owner}\`, exit code ${exit}\n\n${parts.join('\n\n')}\n`;
  });
  return [
    '# Failures',
    '',
    '<!-- Made by `npm run docs:failures` from the catalogue and the locale files. Changes belong there. -->',
    '',
    'Every failure that a user can meet, by its code. A code never changes its meaning.',
    '',
    ...failureCodes.map((code) => `- [\`${code}\`](#${code})`),
    '',
    sections.join('\n'),
  ].join('\n');
}

if (import.meta.main) {
  mkdirSync(dirname(failuresPage), { recursive: true });
  writeFileSync(failuresPage, failuresMarkdown());
}
