/** Whether a point is in the shape. The shape fills about the unit circle, u to the right and v down. */
export type Shape = (u: number, v: number) => boolean;

const regularPolygon = (sides: number, circumradius: number): Shape => {
  const sector = (2 * Math.PI) / sides;
  const apothem = circumradius * Math.cos(sector / 2);
  return (u, v) => {
    const angle = Math.atan2(u, -v);
    const folded = angle - sector * Math.floor(angle / sector) - sector / 2;
    return Math.sqrt(u * u + v * v) * Math.cos(folded) < apothem;
  };
};

/** Between two radii along the edge from a point to the next notch. */
const star = (points: number, outer: number, inner: number): Shape => {
  const half = Math.PI / points;
  const edgeX = inner * Math.sin(half);
  const edgeY = inner * Math.cos(half) - outer;
  return (u, v) => {
    const angle = Math.atan2(u, -v);
    const folded = Math.abs(angle - 2 * half * Math.round(angle / (2 * half)));
    const radius = Math.sqrt(u * u + v * v);
    return edgeX * (radius * Math.cos(folded) - outer) - edgeY * radius * Math.sin(folded) < 0;
  };
};

/** The ten classes, in label order. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  disc: (u, v) => u * u + v * v < 0.72,
  ring: (u, v) => u * u + v * v < 0.9 && u * u + v * v > 0.3,
  crescent: (u, v) => u * u + v * v < 0.9 && (u - 0.45) * (u - 0.45) + v * v > 0.5,
  triangle: regularPolygon(3, 1.1),
  square: (u, v) => Math.abs(u) < 0.74 && Math.abs(v) < 0.74,
  pentagon: regularPolygon(5, 0.98),
  star: star(5, 1.1, 0.48),
  cross: (u, v) => (Math.abs(u) < 0.3 && Math.abs(v) < 0.95) || (Math.abs(v) < 0.3 && Math.abs(u) < 0.95),
  arrow: (u, v) => (v < 0 ? Math.abs(u) < 0.85 * (v + 1) : v < 0.95 && Math.abs(u) < 0.27),
  heart: (u, v) => {
    const lobe = Math.abs(u) - 0.42;
    return v < -0.25 ? lobe * lobe + (v + 0.25) * (v + 0.25) < 0.25 : Math.abs(u) < 0.92 * (1 - (v + 0.25) / 1.2);
  },
};
