/** The content of a file, with what its name tells besides the kind of it. */
export class Attachment {
  readonly content: string | Buffer
  /** Which team or person it is of; null: the whole organisation. */
  readonly of: string | null
  /** The day for which its figures hold. */
  readonly on: string

  constructor(content: string | Buffer, { of, on }: { of: string | null; on: string }) {
    this.content = content
    this.of = of
    this.on = on
  }
}

/** Safe in every file system and header: `Werklast`, `Team Óost`, `2026-11-30` becomes `werklast-team-oost-2026-11-30`. */
export function fileName(parts: readonly (string | null)[]): string {
  return parts
    .filter(part => part !== null)
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
