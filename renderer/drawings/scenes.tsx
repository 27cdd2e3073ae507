import type { ReactNode } from 'react';
import { SolidCard, Waves } from './card.tsx';
import { flat, type Place, project, Shadow, Slab, upright } from './projection.tsx';
import { Reader } from './reader.tsx';
import { bandRows, Stitches } from './stitches.tsx';

function Laptop({ ox, oy, off = false }: Place & { readonly off?: boolean }) {
  const [hx, hy] = project(0, 0, 14);
  const keys = Array.from({ length: 52 }, (_, key) => [key % 13, Math.floor(key / 13)] as const);
  const seam = Array.from({ length: 9 }, () => bandRows)
    .flat()
    .slice(0, 88);
  return (
    <>
      <Shadow ox={ox} oy={oy} x={-6} y={6} w={310} h={214} r={20} />
      <Slab
        ox={ox}
        oy={oy}
        w={300}
        h={204}
        r={16}
        z1={14}
        left="var(--draw-laptop-left)"
        right="var(--draw-laptop-right)"
        top="var(--draw-laptop-top)"
      >
        <rect x="16" y="16" width="268" height="88" rx="8" fill="var(--draw-laptop-deck)" />
        {keys.map(([column, row]) => (
          <rect
            key={`${column}-${row}`}
            x={26 + column * 19.4}
            y={26 + row * 17}
            width="15.4"
            height="13"
            rx="3"
            fill="var(--draw-laptop-key)"
          />
        ))}
        <rect x="100" y="122" width="100" height="62" rx="9" fill="var(--draw-laptop-deck)" />
      </Slab>
      <g transform={upright(ox + hx, oy + hy)}>
        <rect x="6" y="-196" width="290" height="196" rx="12" fill="#55677F" />
        <rect x="2" y="-198" width="290" height="196" rx="12" fill="#22344A" />
        <rect x="12" y="-188" width="270" height="176" rx="5" fill="var(--draw-screen)" />
        <g transform="translate(12 -188)">
          <rect width="58" height="176" fill="var(--draw-screen-rail)" />
          <Stitches rows={seam} cell={2} color="var(--stitch)" x={58} />
          <g fill="var(--draw-screen-line)">
            <rect x="10" y="34" width="38" height="5" rx="2.5" />
            <rect x="10" y="48" width="32" height="5" rx="2.5" />
            <rect x="10" y="62" width="36" height="5" rx="2.5" />
            <rect x="142" y="143" width="56" height="6" rx="3" />
          </g>
          <rect x="10" y="14" width="30" height="6" rx="3" fill="var(--sky-600)" />
          <circle cx="170" cy="76" r="34" fill={off ? 'var(--care-soft)' : 'var(--brand-soft)'} />
          {off ? (
            <path
              d="M157 64a18 18 0 1 0 26 0M170 56v20"
              fill="none"
              stroke="var(--care)"
              strokeWidth="5"
              strokeLinecap="round"
            />
          ) : (
            <Waves x={164} y={76} scale={1.3} width={2.6} />
          )}
          <rect x="128" y="126" width="84" height="9" rx="4.5" fill="var(--sky-600)" />
        </g>
      </g>
    </>
  );
}

function Scene({ children, care = false }: { readonly children: ReactNode; readonly care?: boolean }) {
  return (
    <svg viewBox="0 0 640 540" aria-hidden="true" className="scene">
      <ellipse cx="326" cy="352" rx="300" ry="149" fill={care ? 'var(--ground-care)' : 'var(--ground)'} />
      {children}
    </svg>
  );
}

/** A laptop with a free port; the reader's plug waits in front of it. */
export function NoReaderScene() {
  const [px, py] = project(300, 84, 7);
  const [x, y] = [196 + px, 232 + py];
  return (
    <Scene>
      <Laptop ox={196} oy={232} />
      <g transform={`matrix(-.58 .46 0 1 ${x} ${y})`}>
        <rect x="-12" y="-4.6" width="26" height="9" rx="1.6" fill="#22344A" />
      </g>
      <path
        d={`M${x + 8} ${y + 3}L${x + 62} ${y + 20}`}
        stroke="var(--draw-blue)"
        strokeWidth="3.4"
        strokeDasharray="1 10"
        strokeLinecap="round"
      />
      <path
        d={`M${x + 110} ${y + 36}C${x + 178} ${y + 58} ${x + 190} ${y + 92} ${x + 150} ${y + 112}`}
        fill="none"
        stroke="var(--draw-cable)"
        strokeWidth="6"
        strokeLinecap="round"
      />
      <g transform={`translate(${x + 70} ${y + 23}) rotate(16)`}>
        <rect
          x="-4"
          y="-6.5"
          width="20"
          height="13"
          rx="1.5"
          fill="#DCE4EE"
          stroke="#7688A0"
          strokeWidth="1.4"
        />
        <path d="M0 -3.6h5v3h-5zM0 1h5v3h-5z" fill="#7688A0" />
        <rect x="15" y="-9.5" width="32" height="19" rx="5" fill="#3B4C62" />
        <rect x="18" y="-6.5" width="26" height="5" rx="2.5" fill="#566A84" />
      </g>
      <g fill="none" stroke="var(--draw-blue)">
        <circle cx={x + 3} cy={y + 1} r="26" strokeWidth="2.5" />
        <circle cx={x + 3} cy={y + 1} r="36" strokeWidth="1.6" opacity=".35" />
      </g>
      <g transform="translate(432 398) scale(.64)">
        <Reader ox={100} oy={0} light="#B2B2B2" />
      </g>
    </Scene>
  );
}

/** Laptop and reader with a torn cable: the service is off. */
export function ServiceOffScene() {
  return (
    <Scene care>
      <g transform="translate(-40 -20)">
        <Laptop ox={196} oy={232} off />
      </g>
      <g transform="translate(392 330) scale(.72)">
        <Reader ox={110} oy={0} light="#DC6803" />
      </g>
      <g fill="none" strokeLinecap="round">
        <path d="M396 306c14 10 26 10 38 -2" stroke="var(--draw-cable)" strokeWidth="6" />
        <path d="M474 318c4 -12 10 -16 20 -16" stroke="var(--draw-cable)" strokeWidth="6" />
        <path
          d="M440 276l-8 -20M456 272v-22M470 280l10 -18M446 326l-6 18M462 328l2 20"
          stroke="var(--apricot-600)"
          strokeWidth="5"
        />
      </g>
    </Scene>
  );
}

const place = { ox: 268, oy: 232 };

function Outline({ z, opacity }: { readonly z: number; readonly opacity: number }) {
  const [a, b] = project(18, 27);
  return (
    <rect
      transform={flat(place.ox + a, place.oy + b - z)}
      width="214"
      height="135"
      rx="10"
      fill="none"
      stroke="var(--sky-500)"
      strokeWidth="2"
      opacity={opacity}
    />
  );
}

function Guide({ x, y }: { readonly x: number; readonly y: number }) {
  const [a, b] = project(x, y);
  return (
    <path
      d={`M${place.ox + a} ${place.oy + b - 36}V${place.oy + b - 102}`}
      stroke="var(--draw-blue)"
      strokeWidth="2.6"
      strokeDasharray="1 9"
      strokeLinecap="round"
    />
  );
}

const Cable = () => (
  <path
    d="M262 236C206 200 150 216 120 182C100 158 60 150 22 158"
    fill="none"
    stroke="var(--draw-cable)"
    strokeWidth="7"
    strokeLinecap="round"
  />
);

/** A card being lowered on the reader, or, with `away`, lifted off it. */
export function PlaceCardScene({ away = false }: { readonly away?: boolean }) {
  return (
    <Scene>
      <Cable />
      <g transform="translate(-62 -62) scale(1.24)">
        <Reader {...place} light="#0058D2" />
        <Outline z={58} opacity={0.35} />
        <Outline z={92} opacity={0.6} />
        <Guide x={20} y={150} />
        <Guide x={222} y={160} />
        <g className={away ? undefined : 'lowering-card'}>
          <SolidCard {...place} x={18} y={27} z={128} />
        </g>
      </g>
      <g
        transform={away ? 'translate(566 250) rotate(180 0 43)' : 'translate(566 250)'}
        fill="none"
        stroke="var(--draw-blue)"
        strokeWidth="5"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M0 0V84M-15 70L0 86L15 70" />
      </g>
    </Scene>
  );
}

/** A card on the reader: being read, silent, or held by another program. */
export function CardOnReaderScene({ light, care = false }: { light: string; care?: boolean }) {
  return (
    <Scene care={care}>
      <Cable />
      <g transform="translate(-62 -62) scale(1.24)">
        <Reader {...place} light={light} target={false} />
        <SolidCard {...place} x={18} y={27} z={28} glow={!care} />
      </g>
    </Scene>
  );
}
