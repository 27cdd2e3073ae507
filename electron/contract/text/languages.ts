/** The languages of Buletin; Romanian is the first. */
export const languages = ['ro', 'ru', 'en'] as const;
export type Language = (typeof languages)[number];

/**
 * The language to speak: the one asked for, else the first that the system's locale settings name, else Romanian.
 * @param asked as given by `--lang`
 * @param environment LC_ALL, LC_MESSAGES, LANGUAGE and LANG in POSIX order
 */
export function chooseLanguage(
  asked: string | undefined,
  environment: Record<string, string | undefined>,
): Language {
  const wishes = [asked, environment.LC_ALL, environment.LC_MESSAGES, environment.LANG];
  for (const wish of wishes) {
    const language = languages.find((known) => wish?.toLowerCase().startsWith(known));
    if (language) return language;
    // The first setting that is there decides: LC_ALL=C must not fall through to LANG.
    if (wish) break;
  }
  return 'ro';
}
