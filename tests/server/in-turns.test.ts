import { expect, test } from 'vitest'
import { inTurns } from '../../server/in-turns.ts'

test('at most so many at a time, in the order of arrival; a failure makes room too', async () => {
  const inTurn = inTurns(2)
  const order: string[] = []
  const ends = new Map<string, (fails: boolean) => void>()
  const start = (name: string) =>
    inTurn(
      () =>
        new Promise<string>((resolve, reject) => {
          order.push(name)
          ends.set(name, fails => (fails ? reject(new Error(name)) : resolve(name)))
        }),
    )
  const a = start('a')
  const b = start('b')
  const c = start('c')
  const d = start('d')
  expect(order).toEqual(['a', 'b'])

  ends.get('b')?.(true)
  await expect(b).rejects.toThrow('b')
  await expect.poll(() => order).toEqual(['a', 'b', 'c'])
  ends.get('a')?.(false)
  expect(await a).toBe('a')
  await expect.poll(() => order).toEqual(['a', 'b', 'c', 'd'])
  ends.get('c')?.(false)
  ends.get('d')?.(false)
  expect(await Promise.all([c, d])).toEqual(['c', 'd'])
})
