/** The emblems of the two PINs: PIN1 a round key, PIN2 a seal. */

function sealPath(cx: number, cy: number, outer: number, inner: number, teeth: number): string {
  const point = (radius: number, angle: number) =>
    `${(cx + radius * Math.cos(angle)).toFixed(1)} ${(cy + radius * Math.sin(angle)).toFixed(1)}`;
  const angle = (index: number) => (Math.PI * index) / teeth - Math.PI / 2;
  let path = `M${point(outer, angle(0))}`;
  for (let index = 1; index <= teeth * 2; index += 1) {
    const radius = index % 2 === 1 ? inner : outer;
    path += `Q${point(outer * 1.02, angle(index) - Math.PI / teeth / 2)} ${point(radius, angle(index))}`;
  }
  return `${path}Z`;
}

interface EmblemProps {
  readonly size?: number;
  readonly color?: string;
  readonly inner?: string;
}

/** PIN1: authentication. */
export function KeyDisc({ size = 48, color = 'var(--sky-600)', inner = '#fff' }: EmblemProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className="icon">
      <circle cx="24" cy="24" r="23" fill={color} />
      <circle cx="24" cy="24" r="18.6" fill="none" stroke={inner} strokeOpacity=".45" strokeWidth="1.1" />
      <circle cx="19" cy="24" r="5.4" fill="none" stroke={inner} strokeWidth="2.4" />
      <path
        d="M24.4 24H35v5M30 24v4"
        fill="none"
        stroke={inner}
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

const seal = sealPath(24, 24, 23, 20.4, 14);

/** PIN2: signature. */
export function Seal({
  size = 48,
  color = 'var(--wine)',
  inner = '#fff',
  glyph = 'pen',
}: EmblemProps & { readonly glyph?: 'pen' | 'check' }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className="icon">
      <path d={seal} fill={color} />
      <circle
        cx="24"
        cy="24"
        r="16.8"
        fill="none"
        stroke={inner}
        strokeOpacity=".6"
        strokeWidth="1.1"
        strokeDasharray="2.4 2.2"
      />
      <path
        d={
          glyph === 'pen'
            ? 'M15.5 32.5l1.6-6 11.8-11.8a3 3 0 0 1 4.3 4.3L21.4 30.8z M26.8 16.8l4.3 4.3'
            : 'M15 24.5l6.2 6.2L33.5 18'
        }
        fill="none"
        stroke={inner}
        strokeWidth={glyph === 'pen' ? 2.2 : 3.2}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** The envelope in which a PIN came. */
export function Envelope({ width = 74 }: { readonly width?: number }) {
  return (
    <svg viewBox="0 0 120 96" width={width} aria-hidden="true" className="icon">
      <path d="M12 34h96v52a6 6 0 0 1-6 6H18a6 6 0 0 1-6-6z" fill="#CBD7E6" />
      <rect x="22" y="6" width="76" height="62" rx="4" fill="#fff" stroke="#B8C6D8" />
      <path d="M30 17h22v6H30z" fill="#0046A8" />
      <path d="M30 34h22v6H30z" fill="#6F1737" />
      {[0, 1, 2, 3].map((i) => (
        <circle key={i} cx={62 + i * 8} cy="20.5" r="2.7" fill="#0058D2" />
      ))}
      {[0, 1, 2, 3, 4, 5].map((i) => (
        <rect key={i} x={59.5 + i * 5.6} y="35.2" width="4.4" height="4.4" rx="1" fill="#8A2247" />
      ))}
      <path d="M12 38l48 30 48-30v48a6 6 0 0 1-6 6H18a6 6 0 0 1-6-6z" fill="#E9EFF6" />
      <path d="M12 38l48 30 48-30" fill="none" stroke="#AFC0D5" strokeWidth="1.6" />
    </svg>
  );
}
