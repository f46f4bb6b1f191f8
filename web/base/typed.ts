/**
 * A number as people type it here: "6,5" and "6.5" are the same; null when it is no number. A thousands separator does
 * not occur in the numbers of this application, so one comma or point is always the decimal sign.
 */
export function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null
}

/** The text of a chosen file: UTF-8, or what Excel writes on a Dutch Windows when it is not. */
export async function readText(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
