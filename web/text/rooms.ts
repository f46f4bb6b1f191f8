/** Texts by room: ./nl/cases.json becomes the key `cases`. */
export const byRoom = (files: Record<string, Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [path.replace(/^.*\/(.+)\.json$/, '$1'), texts]),
  )
