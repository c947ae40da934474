/** Where a file of an archive is and how to recognize it. */
export interface RemoteArchive {
  readonly url: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
}
