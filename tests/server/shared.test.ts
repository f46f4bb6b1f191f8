import { describe, expect, test } from 'vitest'
import { shared } from '../../server/event-loop/shared.ts'

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
