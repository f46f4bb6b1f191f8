/** Something that asks hours, and who may give them, by place in the list of people. Hours in whole hundredths. */
export interface Asked {
  hours: number
  people: readonly number[]
}

/**
 * How many of the hours of each can be met when each person has only so much room, in the order given: what comes first is met as far as
 * can be, what comes later with what is left. Whoever comes first lets another person take over where that helps who comes later, so that
 * together as much is met as ever can be. Hours may be divided over people: this says whether there is room, not who gets what.
 *
 * Flows from what asks to who gives, augmented one by one (Ford and Fulkerson): an augmentation never takes hours from what was
 * met before. What may be taken by the same people is one node, and people who may take the same are one node, so a round of a thousand
 * cases is a graph of some dozens.
 */
export function metInOrder(asked: readonly Asked[], room: readonly number[]): number[] {
  const { groupOf, reach, free } = nodes(asked, room)
  const flow = reach.map(row => row.map(() => 0))
  return asked.map(({ hours }, index) => {
    let met = 0
    while (met < hours) {
      const path = augmenting(groupOf[index]!, reach, free, flow)
      if (!path) break
      const { steps, end } = path
      const taken = steps.flatMap(({ group, from }) => (from === null ? [] : [flow[group]![from]!]))
      const amount = Math.min(hours - met, free[end]!, ...taken)
      for (const { group, from, to } of steps) {
        flow[group]![to]! += amount
        if (from !== null) flow[group]![from]! -= amount
      }
      free[end]! -= amount
      met += amount
    }
    return met
  })
}

/** The groups of what asks, and the classes of people: `reach[group][class]`, and the room that a class has. */
function nodes(asked: readonly Asked[], room: readonly number[]) {
  const groups = new Map<string, number>()
  const members: (readonly number[])[] = []
  const groupOf = asked.map(({ people }) => {
    const key = people.join()
    const known = groups.get(key) ?? groups.size
    groups.set(key, known)
    members[known] = people
    return known
  })
  const mayTake = room.map((): number[] => [])
  members.forEach((people, group) => {
    for (const person of people) mayTake[person]!.push(group)
  })
  const classes = new Map<string, number>()
  const free: number[] = []
  const reach = members.map((): boolean[] => [])
  mayTake.forEach((list, person) => {
    const key = list.join()
    const known = classes.get(key) ?? classes.size
    classes.set(key, known)
    free[known] = (free[known] ?? 0) + room[person]!
    members.forEach((_, group) => {
      reach[group]![known] = list.includes(group)
    })
  })
  return { groupOf, reach, free }
}

interface Step {
  group: number
  /** The class that the group gives up; null: it asks new hours. */
  from: number | null
  to: number
}

/** The shortest way for a group to a class with room: over classes that are full, of which another group can move on. */
function augmenting(
  start: number,
  reach: readonly (readonly boolean[])[],
  free: readonly number[],
  flow: readonly (readonly number[])[],
): { steps: Step[]; end: number } | null {
  const cameFrom = new Map<number, number | null>([[start, null]])
  const reachedBy = new Map<number, number>()
  const queue = [start]
  for (const group of queue) {
    for (let to = 0; to < free.length; to++) {
      if (!reach[group]![to] || reachedBy.has(to)) continue
      reachedBy.set(to, group)
      if (free[to]! > 0) return { steps: stepsTo(to, reachedBy, cameFrom), end: to }
      flow.forEach((row, other) => {
        if (row[to]! > 0 && !cameFrom.has(other)) {
          cameFrom.set(other, to)
          queue.push(other)
        }
      })
    }
  }
  return null
}

function stepsTo(
  end: number,
  reachedBy: ReadonlyMap<number, number>,
  cameFrom: ReadonlyMap<number, number | null>,
): Step[] {
  const steps: Step[] = []
  for (let to: number | null = end; to !== null; ) {
    const group: number = reachedBy.get(to)!
    const from: number | null = cameFrom.get(group)!
    steps.push({ group, from, to })
    to = from
  }
  return steps
}
