import { CardFace } from './card.tsx';
import { roseRows, Stitches } from './stitches.tsx';

/** Drawings of what the registers know about. */

export const SmallCard = () => (
  <svg viewBox="-2 -2 218 139" width="104" height="68" aria-hidden="true">
    <CardFace />
  </svg>
);

export const Passport = () => (
  <svg viewBox="0 0 64 84" width="52" height="68" aria-hidden="true">
    <rect x="5" y="4" width="56" height="78" rx="5" fill="#CCDEF6" />
    <rect x="2" y="2" width="56" height="78" rx="5" fill="#00357E" />
    <g transform="translate(15.4 18)">
      <Stitches rows={roseRows} cell={1.4} color="#99BCED" />
    </g>
    <rect x="16" y="58" width="28" height="4" rx="2" fill="#99BCED" />
    <rect x="21" y="66" width="18" height="3" rx="1.5" fill="#669BE4" />
    <path d="M7 2v78" stroke="#00295A" strokeWidth="2" />
  </svg>
);

export const OldDocuments = () => (
  <svg viewBox="0 0 92 72" width="88" height="68" aria-hidden="true">
    <g fill="var(--raised)" stroke="var(--grey-300)" strokeWidth="1.4">
      <rect x="20" y="4" width="62" height="42" rx="5" transform="rotate(7 50 25)" />
      <rect x="12" y="12" width="62" height="42" rx="5" transform="rotate(-3 44 33)" />
      <rect x="6" y="22" width="62" height="44" rx="5" />
    </g>
    <path d="M13 32h16v19H13zM35 31h26v4H35zM35 40h20v4H35zM13 57h34v3.4H13z" fill="var(--skeleton)" />
  </svg>
);

export function House() {
  const pickets = Array.from({ length: 19 }, (_, i) => i).filter((i) => i < 8 || i > 10);
  return (
    <svg viewBox="0 0 300 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="300" height="200" fill="var(--ground)" />
      <circle cx="246" cy="44" r="22" fill="#FEEFC6" />
      <path d="M0 150c50-22 96-26 150-14s104 8 150-10v74H0z" fill="#CDEADD" />
      <path d="M0 168c60-14 120-10 180-2s84 4 120-2v36H0z" fill="#A9D8BF" />
      <path d="M70 96h140v74H70z" fill="#fff" />
      <path d="M70 152h140v18H70z" fill="#669BE4" />
      <path d="M56 98l84-50 84 50z" fill="#B5654A" />
      <path d="M56 98l84-50 84 50h-14l-70-41-70 41z" fill="#96503A" />
      <circle cx="140" cy="78" r="8" fill="#FEEFC6" />
      <path d="M84 108h28v32H84zM168 108h28v32h-28z" fill="#0058D2" />
      <path d="M88 112h9v24h-9zM99 112h9v24h-9zM172 112h9v24h-9zM183 112h9v24h-9z" fill="#E8F0FB" />
      <path d="M126 112h28v58h-28z" fill="#00357E" />
      <circle cx="149" cy="142" r="1.8" fill="#FEC84B" />
      <Stitches
        rows={['#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#', '.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.']}
        cell={3.9}
        color="#0058D2"
        x={70}
        y={98}
      />
      <circle cx="40" cy="140" r="22" fill="#5FBF94" />
      <circle cx="258" cy="146" r="17" fill="#5FBF94" />
      <path d="M37 150h6v26h-6zM255.500 154h5v20h-5z" fill="#7A5B45" />
      <path
        d={pickets.map((i) => `M${4 + i * 16} 192v-18l5-5 5 5v18z`).join('')}
        fill="#fff"
        stroke="#99BCED"
        strokeWidth="1.4"
      />
    </svg>
  );
}

/** A car of no make in particular. */
export function Car({ color }: { readonly color: string }) {
  return (
    <svg viewBox="0 0 240 104" aria-hidden="true">
      <ellipse cx="120" cy="92" rx="108" ry="7" fill="#00295A" opacity=".12" />
      <path
        d="M14 74c-2-14 2-22 16-25l22-4c12-16 26-29 44-30h46c16 1 32 13 46 30l24 5c12 3 16 10 15 24 0 5-3 8-8 8H22c-5 0-8-3-8-8z"
        fill={color}
      />
      <path d="M62 45c9-12 20-21 33-22h18v22zM121 23h20c13 1 25 11 35 22h-55z" fill="#E8F0FB" />
      <path d="M62 45c4-5 8-10 13-14l-3 14zM141 23c6 1 12 4 17 8l-18 14h-19z" fill="#fff" opacity=".5" />
      <path d="M117 47v32M60 47l-4 30" stroke="#00295A" strokeOpacity=".22" strokeWidth="1.6" fill="none" />
      <path d="M126 54h12" stroke="#00295A" strokeOpacity=".45" strokeWidth="3" strokeLinecap="round" />
      <path d="M214 54c8 2 12 5 13 10h-12z" fill="#FEEFC6" />
      <path d="M15 62h9c2 0 3 4 1 5H14z" fill="#FDA19B" />
      {[62, 182].map((x) => (
        <g key={x}>
          <circle cx={x} cy="80" r="17" fill="#22344A" />
          <circle cx={x} cy="80" r="9" fill="#D9E1EB" />
          <circle cx={x} cy="80" r="3" fill="#55677F" />
        </g>
      ))}
    </svg>
  );
}
