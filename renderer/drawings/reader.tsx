import { SolidCard, Waves } from './card.tsx';
import { type Place, Shadow, Slab } from './projection.tsx';

interface ReaderProps extends Place {
  /** Colour of its light. */
  readonly light: string;
  /** Shows where the card goes. */
  readonly target?: boolean;
}

/** A reader, 250 by 190. */
export function Reader({ ox, oy, x = 0, y = 0, light, target = true }: ReaderProps) {
  return (
    <>
      <Shadow ox={ox} oy={oy} x={x - 4} y={y + 8} w={258} h={196} r={40} />
      <Slab
        ox={ox}
        oy={oy}
        x={x}
        y={y}
        w={250}
        h={190}
        r={38}
        z1={26}
        left="var(--draw-reader-left)"
        right="var(--draw-reader-right)"
        top="var(--draw-reader-top)"
      >
        <rect
          x="10"
          y="10"
          width="230"
          height="170"
          rx="28"
          fill="none"
          stroke="var(--draw-reader-rim)"
          strokeWidth="2"
        />
        {target && (
          <>
            <rect
              x="33"
              y="37"
              width="184"
              height="116"
              rx="12"
              fill="var(--draw-target)"
              stroke="var(--sky-500)"
              strokeWidth="2.5"
              strokeDasharray="9 8"
              strokeLinecap="round"
            />
            <Waves x={117} y={95} scale={1.9} width={2.6} />
          </>
        )}
        <circle cx="218" cy="160" r="6" fill={light} />
        <circle cx="218" cy="160" r="11" fill={light} opacity=".25" />
      </Slab>
    </>
  );
}

/** States of the reader in the rail. It is always true. */
export type ReaderState = 'none' | 'wait' | 'reading' | 'ready' | 'session' | 'remove' | 'off';

const lights: Readonly<Record<ReaderState, string>> = {
  none: '#B2B2B2',
  wait: '#3379DB',
  reading: '#3379DB',
  ready: '#12B76A',
  session: '#12B76A',
  remove: '#DC6803',
  off: '#DC6803',
};

/** The small reader in the rail. */
export function DockedReader({ state }: { readonly state: ReaderState }) {
  const unplugged = state === 'none' || state === 'off';
  const card = state === 'reading' || state === 'ready' || state === 'session' || state === 'remove';
  return (
    <svg viewBox="0 0 216 128" aria-hidden="true" className="docked-reader" data-state={state}>
      <path
        d="M96 26C76 8 40 22 -6 10"
        fill="none"
        stroke="var(--draw-cable)"
        strokeWidth="4"
        strokeLinecap="round"
        strokeDasharray={unplugged ? '1 9' : undefined}
      />
      <g transform="translate(6 12) scale(.5)">
        <Reader ox={186} oy={8} light={lights[state]} target={!card} />
        {card && <SolidCard ox={186} oy={8} x={18} y={27} z={27} />}
      </g>
    </svg>
  );
}
