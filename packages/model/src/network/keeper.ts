import type { Value } from './value.ts';

/** Keeps values between forward and backward. */
export abstract class Keeper<Kept extends readonly (Value | null)[]> {
  private kept: Kept | undefined;

  protected keep(...values: Kept): void {
    this.forget();
    for (const value of values) value?.retain();
    this.kept = values;
  }

  /** Passes the kept values to `use` and frees them afterwards. @throws Error if there was no forward pass */
  protected take<Result>(use: (kept: Kept) => Result): Result {
    if (this.kept === undefined) throw new Error('backward needs a forward pass before it');
    const result = use(this.kept);
    this.forget();
    return result;
  }

  /** Frees what a forward pass kept if no backward pass followed. */
  forget(): void {
    for (const value of this.kept ?? []) value?.release();
    this.kept = undefined;
  }
}
