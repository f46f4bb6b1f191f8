import { describe, expect, test } from 'vitest'
import { inTurns, shared } from '../../server/event-loop/in-turns.ts'

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

describe('shared work', () => {
  test('is done once for all who ask while it is done, and anew for who asks later', async () => {
    let times = 0
    let finish = () => {}
    const ask = shared(async () => {
      times++
      await new Promise<void>(resolve => {
        finish = resolve
      })
      return times
    })
    const three = [ask(), ask(), ask()]
    finish()
    expect(await Promise.all(three)).toEqual([1, 1, 1])
    const later = ask()
    finish()
    expect(await later).toBe(2)
  })

  test('that fails fails for all who asked, and not for who asks later', async () => {
    let fails = true
    const ask = shared(async () => {
      if (fails) throw new Error('no')
      return 'yes'
    })
    expect((await Promise.allSettled([ask(), ask()])).map(one => one.status)).toEqual([
      'rejected',
      'rejected',
    ])
    fails = false
    expect(await ask()).toBe('yes')
  })
})
