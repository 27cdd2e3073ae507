/** A file's size in words: 184 KB, 2,4 MB. */
export function sizeText(bytes: number, language: string): string {
  const [value, unit, digits] =
    bytes < 999_500
      ? ([Math.ceil(bytes / 1_000), 'kilobyte', 0] as const)
      : ([bytes / 1_000_000, 'megabyte', bytes < 9_950_000 ? 1 : 0] as const);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}
