const PARTS = ['half', 'a third', 'a quarter', 'a fifth', 'a sixth', 'a seventh', 'an eighth', 'a ninth', 'a tenth'];

/** A share between 0 and 1 as a person would say it: `half`, `an eighth`, `70 %`, `1/37`. */
export function fractionWords(share: number): string {
  const parts = 1 / share;
  const whole = Math.round(parts);
  const near = Math.abs(parts - whole) < 0.12 * whole;
  if (whole >= 2 && whole <= PARTS.length + 1 && near) return PARTS[whole - 2]!;
  return parts > 10 ? `1/${whole}` : `${Math.round(share * 100)} %`;
}
