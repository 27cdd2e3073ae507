import { useId } from 'react';

/** One repeat of the seam: a diamond and its border, as cross-stitch is counted. */
export const bandRows = [
  '...#...',
  '..#.#..',
  '.#.#.#.',
  '#.#.#.#',
  '.#.#.#.',
  '..#.#..',
  '...#...',
  '#.....#',
  '##...##',
  '#.....#',
];

/** The diamond alone: the mark of the product. */
export const diamondRows = bandRows.slice(0, 7);

/** An eight-pointed star, 21 by 21, made from its quarter. */
export const roseRows = (() => {
  const quarter = [
    '..........#',
    '.........##',
    '.#......#.#',
    '.##....##.#',
    '.###..##..#',
    '..######.##',
    '...####.##.',
    '...###.##.#',
    '..###.##.##',
    '.##..##.##.',
    '#######.#.#',
  ];
  const rows = quarter.map((row) => row + [...row].slice(0, 10).reverse().join(''));
  return [...rows, ...rows.slice(0, 10).reverse()];
})();

interface StitchesProps {
  readonly rows: readonly string[];
  /** Side of a stitch. */
  readonly cell: number;
  readonly color: string;
  /** Crosses instead of squares. */
  readonly cross?: boolean;
  readonly x?: number;
  readonly y?: number;
  readonly opacity?: number;
}

/** Counted stitches as one path. */
export function Stitches({ rows, cell, color, cross = false, x = 0, y = 0, opacity = 1 }: StitchesProps) {
  const stitches = rows.flatMap((row, j) =>
    [...row].flatMap((sign, i) => (sign === '#' ? [[x + i * cell, y + j * cell] as const] : [])),
  );
  if (cross) {
    const m = cell * 0.16;
    const d = stitches
      .map(
        ([a, b]) =>
          `M${a + m} ${b + m}L${a + cell - m} ${b + cell - m}M${a + cell - m} ${b + m}L${a + m} ${b + cell - m}`,
      )
      .join('');
    return (
      <path
        d={d}
        stroke={color}
        strokeWidth={cell * 0.26}
        strokeLinecap="round"
        fill="none"
        opacity={opacity}
      />
    );
  }
  const side = cell * 0.86;
  return (
    <path
      d={stitches.map(([a, b]) => `M${a} ${b}h${side}v${side}h-${side}z`).join('')}
      fill={color}
      opacity={opacity}
    />
  );
}

/** The seam between navigation and page. */
export function Seam() {
  const id = useId();
  const cell = 2;
  return (
    <svg className="seam-stitches" width={7 * cell} height="100%" aria-hidden="true">
      <defs>
        <pattern id={id} width={7 * cell} height={bandRows.length * cell} patternUnits="userSpaceOnUse">
          <Stitches rows={bandRows} cell={cell} color="var(--stitch)" />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}

/** The star in the corner of a panel. */
export function Rose({ className }: { readonly className?: string }) {
  return (
    <svg className={className} viewBox="0 0 231 231" aria-hidden="true">
      <Stitches rows={roseRows} cell={11} color="var(--draw-rose)" cross />
    </svg>
  );
}

/** The product's mark. */
export function Logo({ size = 34 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 34 34" aria-hidden="true" className="icon">
      <rect x="1" y="4" width="32" height="26" rx="7" fill="var(--sky-600)" />
      <Stitches rows={diamondRows} cell={2.5} color="#fff" x={8.4} y={8.4} />
    </svg>
  );
}
