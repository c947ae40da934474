import type { Change } from './changes.ts';

/** What the server of a page that follows a study sends: what differs from the version that the page has. */
export interface LiveUpdate {
  /** The version that the changes apply to; null: `data` and `measurements` are complete. */
  readonly base: string | null;
  readonly version: string;
  /** Changes of ReportData, or all of it as `packReport` packs it. */
  readonly data: readonly Change[] | { readonly packed: unknown; readonly shared: readonly unknown[] };
  readonly measurements: unknown;
  /** Markup of the changing parts of the page, by name: those that differ, or all. */
  readonly parts: Readonly<Record<string, string>>;
}
