import { useId } from 'react';
import { flat, type Place, project, Slab } from './projection.tsx';
import { bandRows, Stitches } from './stitches.tsx';

/** A placeholder's portrait: light from the left, a face without features, a stitched shirt. */
export function Portrait({ width, height }: { readonly width?: number; readonly height?: number }) {
  const clip = useId();
  const ground = useId();
  const cuff = ['#.#.#', '.#.#.', '#.#.#'];
  return (
    <svg
      viewBox="0 0 120 150"
      aria-hidden="true"
      preserveAspectRatio="xMidYMid slice"
      width={width}
      height={height}
    >
      <defs>
        <clipPath id={clip}>
          <rect width="120" height="150" />
        </clipPath>
        <linearGradient id={ground} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--draw-portrait)" />
          <stop offset="1" stopColor="var(--draw-portrait-low)" />
        </linearGradient>
      </defs>
      <g clipPath={`url(#${clip})`}>
        <rect width="120" height="150" fill={`url(#${ground})`} />
        <path d="M8 152c2-30 20-38 38-43h28c18 5 36 13 38 43z" fill="#F7F4EF" />
        <path d="M48 88h24v22c-4 9-20 9-24 0z" fill="#9AB0CC" />
        <path d="M37 60c0-20 9-31 23-31s23 11 23 31c0 22-11 38-23 38S37 82 37 60z" fill="#B5C7DE" />
        <path
          d="M36 58c-3-24 8-36 25-36 16 0 27 11 23 35-3-6-4-12-6-16-10 3-24 2-32-3-4 5-7 12-10 20z"
          fill="#5C7396"
        />
        <path d="M44 108c4 12 10 18 16 18s12-6 16-18l4 2c-4 16-12 24-20 24s-16-8-20-24z" fill="#fff" />
        <Stitches rows={cuff} cell={2.2} color="#8A2247" x={30} y={122} />
        <Stitches rows={cuff} cell={2.2} color="#8A2247" x={79} y={122} />
        <Stitches rows={cuff} cell={2.2} color="#0046A8" x={27} y={134} />
        <Stitches rows={cuff} cell={2.2} color="#0046A8" x={82} y={134} />
      </g>
    </svg>
  );
}

export function Chip({
  x,
  y,
  scale = 1,
}: {
  readonly x: number;
  readonly y: number;
  readonly scale?: number;
}) {
  const id = useId();
  return (
    <g transform={`translate(${x} ${y}) scale(${scale})`}>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#FFE4A3" />
          <stop offset="1" stopColor="#E9A52B" />
        </linearGradient>
      </defs>
      <rect width="34" height="27" rx="5" fill={`url(#${id})`} stroke="#B9770C" strokeWidth=".8" />
      <path
        d="M0 9h10v9H0M34 9H24v9h10M10 9c0-5 2-9 2-9M24 9c0-5-2-9-2-9M10 18c0 5 2 9 2 9M24 18c0 5-2 9-2 9M10 9h14v9H10z"
        fill="none"
        stroke="#9A5F06"
        strokeWidth=".9"
      />
    </g>
  );
}

interface WavesProps {
  readonly x: number;
  readonly y: number;
  readonly scale?: number;
  readonly color?: string;
  readonly width?: number;
}

/** The sign of a contactless chip. */
export function Waves({ x, y, scale = 1, color = 'var(--draw-blue)', width = 2 }: WavesProps) {
  return (
    <g
      transform={`translate(${x} ${y}) scale(${scale})`}
      fill="none"
      stroke={color}
      strokeWidth={width}
      strokeLinecap="round"
    >
      <path d="M0 -5a8 8 0 0 1 0 10" />
      <path d="M5 -9a14 14 0 0 1 0 18" />
      <path d="M10 -13a20 20 0 0 1 0 26" />
    </g>
  );
}

/** A card's front, 214 by 135: lines where text would be, nobody's data. */
export function CardFace({ glow = false }: { readonly glow?: boolean }) {
  const clip = useId();
  const ground = useId();
  const guilloche = Array.from({ length: 9 }, (_, k) => {
    const waves = Array.from({ length: 7 }, (_, i) => ` q20 ${i % 2 === 0 ? -16 : 16} 40 0`);
    return `M-4 ${24 + k * 13}${waves.join('')}`;
  });
  const edge = Array.from({ length: 6 }, () => bandRows)
    .flat()
    .slice(0, 56);
  return (
    <>
      <defs>
        <clipPath id={clip}>
          <rect width="214" height="135" rx="10" />
        </clipPath>
        <linearGradient id={ground} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#FFFFFF" />
          <stop offset=".55" stopColor="#E8F0FB" />
          <stop offset="1" stopColor="#CCDEF6" />
        </linearGradient>
      </defs>
      <g clipPath={`url(#${clip})`}>
        <rect width="214" height="135" fill={`url(#${ground})`} />
        <path d={guilloche.join('')} fill="none" stroke="#99BCED" strokeWidth=".7" opacity=".55" />
        <rect width="214" height="24" fill="#0058D2" />
        <rect x="14" y="9" width="96" height="6" rx="3" fill="#fff" />
        <g transform="translate(196 24)">
          <Stitches rows={edge} cell={2} color="#669BE4" opacity={0.8} />
        </g>
        <g transform="translate(14 36)">
          <Portrait width={52} height={66} />
          <rect width="52" height="66" rx="3" fill="none" stroke="#00357E" strokeOpacity=".25" />
        </g>
        <g fill="#00357E">
          <rect x="78" y="38" width="62" height="6" rx="3" />
          <rect x="78" y="50" width="44" height="6" rx="3" opacity=".8" />
          <rect x="78" y="68" width="70" height="4.5" rx="2.2" opacity=".4" />
          <rect x="78" y="78" width="52" height="4.5" rx="2.2" opacity=".4" />
          <rect x="78" y="88" width="60" height="4.5" rx="2.2" opacity=".4" />
        </g>
        <Chip x={154} y={40} scale={0.98} />
        <Waves x={160} y={88} scale={0.7} color="#0046A8" width={2.4} />
        <rect x="14" y="112" width="98" height="5" rx="2.5" fill="#00357E" opacity=".35" />
        <rect x="134" y="111" width="46" height="7" rx="3" fill="#00357E" opacity=".5" />
      </g>
      <rect width="214" height="135" rx="10" fill="none" stroke="#00357E" strokeOpacity=".28" />
      {glow && (
        <rect x="-3" y="-3" width="220" height="141" rx="13" fill="none" stroke="#039855" strokeWidth="3" />
      )}
    </>
  );
}

/** A card seen from above. */
export function FlatCard({ width }: { readonly width?: number }) {
  return (
    <svg viewBox="-4 -4 222 143" width={width} aria-hidden="true" className="icon">
      <CardFace />
    </svg>
  );
}

/** A card lying or floating at a height. */
export function SolidCard({ ox, oy, x = 0, y = 0, z, glow = false }: Place & { z: number; glow?: boolean }) {
  const [px, py] = project(x, y);
  return (
    <>
      <Slab
        ox={ox}
        oy={oy}
        x={x}
        y={y}
        z0={z}
        z1={z + 4}
        w={214}
        h={135}
        r={10}
        left="#7FA3D3"
        right="#5C86BF"
        top="#fff"
      />
      <g transform={flat(ox + px, oy + py - z - 4)}>
        <CardFace glow={glow} />
      </g>
    </>
  );
}
