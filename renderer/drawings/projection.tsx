import { type ReactNode, useId } from 'react';

/**
 * One projection for all solid things: x goes to (.90, .26), y to (-.58, .46), z up; light from the left. Units are
 * those of the drawing they stand in.
 */

/** A transform that lays a plane flat at this point. */
export const flat = (x: number, y: number): string => `matrix(.9 .26 -.58 .46 ${x} ${y})`;
/** A transform that stands a plane up along x. */
export const upright = (x: number, y: number): string => `matrix(.9 .26 0 1 ${x} ${y})`;
export const project = (x: number, y: number, z = 0): [number, number] => [
  x * 0.9 - y * 0.58,
  x * 0.26 + y * 0.46 - z,
];

/** Where a thing lies: the drawing's origin and the place in the plane. */
export interface Place {
  readonly ox: number;
  readonly oy: number;
  readonly x?: number;
  readonly y?: number;
}

interface SlabProps extends Place {
  readonly w: number;
  readonly h: number;
  /** Radius of the corners. */
  readonly r: number;
  readonly z0?: number;
  readonly z1: number;
  readonly left: string;
  readonly right: string;
  readonly top: string;
  /** Drawn on the upper side. */
  readonly children?: ReactNode;
}

/** A solid plate with round corners: one outline a unit of height. */
export function Slab({ ox, oy, x = 0, y = 0, z0 = 0, z1, w, h, r, left, right, top, children }: SlabProps) {
  const id = useId();
  const [px, py] = project(x, y);
  return (
    <>
      <defs>
        <linearGradient id={id} x1="0" y1="1" x2="1" y2="0">
          <stop offset="0" stopColor={left} />
          <stop offset=".44" stopColor={left} />
          <stop offset=".56" stopColor={right} />
          <stop offset="1" stopColor={right} />
        </linearGradient>
      </defs>
      {Array.from({ length: z1 - z0 }, (_, layer) => z0 + layer).map((z) => (
        <rect
          key={z}
          transform={flat(ox + px, oy + py - z)}
          width={w}
          height={h}
          rx={r}
          fill={`url(#${id})`}
        />
      ))}
      <g transform={flat(ox + px, oy + py - z1)}>
        <rect width={w} height={h} rx={r} fill={top} />
        {children}
      </g>
    </>
  );
}

interface ShadowProps extends Place {
  readonly w: number;
  readonly h: number;
  readonly r: number;
}

/** The soft shadow under a thing. */
export function Shadow({ ox, oy, x = 0, y = 0, w, h, r }: ShadowProps) {
  const id = useId();
  const [px, py] = project(x, y);
  return (
    <>
      <defs>
        <filter id={id} x="-40%" y="-40%" width="180%" height="180%">
          <feGaussianBlur stdDeviation="15" />
        </filter>
      </defs>
      <rect
        transform={flat(ox + px, oy + py)}
        width={w}
        height={h}
        rx={r}
        fill="var(--draw-shadow)"
        opacity="var(--draw-shadow-strength)"
        filter={`url(#${id})`}
      />
    </>
  );
}
