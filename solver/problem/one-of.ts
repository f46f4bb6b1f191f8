import { type TLiteral, type TUnion, Type } from 'typebox'

/** The schema of a word out of a few: `oneOf('primary', 'second')`. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  ...words: Words
): TUnion<{ -readonly [Index in keyof Words]: TLiteral<Words[Index] & string> }> {
  return Type.Union(words.map(word => Type.Literal(word))) as never
}
