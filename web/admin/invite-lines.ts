/** One line of a pasted list: who it is about, and what is wrong with it before anybody is asked. */
export interface PastedLine {
  /** Its number in the list, from 1. */
  row: number
  name: string
  email: string
  staffNumber: string | null
  fault: 'name' | 'email' | 'twice' | null
}

const ADDRESS = /^\S+@\S+\.\S+$/

/**
 * Reads a list as people have it: a line per person with name, e-mail address and perhaps a staff number, between semicolons, tabs
 * or commas, in any order, or as a mail program copies it ("B. Jansen <b.jansen@voorbeeld.nl>").
 */
export function readLines(text: string): PastedLine[] {
  const seen = new Set<string>()
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return []
    const parts = line
      .replace(/<([^<>]*)>/g, ';$1;')
      .split(/[;\t]|,(?=\s*\S*@)|(?<=@\S+),/)
      .map(part =>
        part
          .trim()
          .replace(/^["']|["']$/g, '')
          .trim(),
      )
      .filter(part => part !== '')
    const email = parts.find(part => part.includes('@')) ?? ''
    const rest = parts.filter(part => part !== email)
    // A number holds a digit and no space; a name has none.
    const staffNumber = rest.find(part => /\d/.test(part) && !/\s/.test(part)) ?? null
    const name = rest.find(part => part !== staffNumber) ?? ''
    const key = email.toLowerCase()
    const fault = name === '' ? 'name' : !ADDRESS.test(email) ? 'email' : seen.has(key) ? 'twice' : null
    seen.add(key)
    return [{ row: index + 1, name, email, staffNumber, fault }]
  })
}

/** As a file that a spreadsheet opens: every cell in quotes, and none begins with what would be a formula. */
export function linksAsCsv(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  return `\uFEFF${[heads, ...rows].map(row => row.map(cell).join(';')).join('\r\n')}\r\n`
}
